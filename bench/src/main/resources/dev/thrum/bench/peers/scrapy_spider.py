"""The peer of `thrum bench crawl`: a spider of Scrapy that follows all links within the hosts of its seeds.

Usage: scrapy_spider.py FOLDER SEED...: makes the folder, and writes a line of JSON for each page into its pages.jsonl. It obeys robots.txt, has
no delay and no cache, and keeps what it knows in memory.
"""

import os
import sys
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor


class PagesSpider(Spider):
    name = "pages"
    seeds = sys.argv[2:]
    allowed_domains = [urlsplit(seed).hostname for seed in seeds]
    links = LinkExtractor()

    def start_requests(self):
        # Those of start_urls are not filtered, so a seed that is linked is fetched twice.
        return [Request(seed) for seed in self.seeds]

    def parse(self, response):
        yield {
            "url": response.url,
            "status": response.status,
            "title": response.css("title::text").get(),
            "depth": response.meta["depth"],
            "from": response.request.headers.get("Referer", b"").decode(),
            "length": len(response.body),
        }
        for link in self.links.extract_links(response):
            yield response.follow(link)


def main():
    folder = sys.argv[1]
    os.makedirs(folder)
    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True,
            "DOWNLOAD_DELAY": 0,
            "HTTPCACHE_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "LOG_LEVEL": "ERROR",
            "FEEDS": {os.path.join(folder, "pages.jsonl"): {"format": "jsonlines"}},
        }
    )
    process.crawl(PagesSpider)
    process.start()


main()
