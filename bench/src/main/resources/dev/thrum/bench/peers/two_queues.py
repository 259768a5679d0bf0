"""The peer of `thrum bench mine`: two queues, two pools of threads, Beautiful Soup.

Usage: two_queues.py FILE: fetches the URLs in the file, one on each line, and prints the title of each page.
"""

import queue
import sys
import threading
import urllib.request

from bs4 import BeautifulSoup

FETCHERS = 5
PARSERS = 5

urls = queue.Queue()
pages = queue.Queue()


def fetch():
    while True:
        url = urls.get()
        with urllib.request.urlopen(url) as response:
            pages.put(response.read())
        urls.task_done()


def parse():
    while True:
        soup = BeautifulSoup(pages.get(), "html.parser")
        # In one call: two threads that print would mix lines and line ends.
        sys.stdout.write(soup.title.string + "\n")
        pages.task_done()


def main():
    for work, number in ((fetch, FETCHERS), (parse, PARSERS)):
        for _ in range(number):
            threading.Thread(target=work, daemon=True).start()
    with open(sys.argv[1]) as lines:
        for line in lines:
            urls.put(line.strip())
    urls.join()
    pages.join()


main()
