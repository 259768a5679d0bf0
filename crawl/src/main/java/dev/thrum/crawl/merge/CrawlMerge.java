package dev.thrum.crawl.merge;

import dev.thrum.crawl.archive.CrawlOutputs;
import dev.thrum.crawl.crawler.CommittedCrawl;
import dev.thrum.crawl.crawler.CrawlFolderException;
import dev.thrum.crawl.search.MergedIndex;
import dev.thrum.crawl.search.PageIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes one set of outputs from the folders of several crawls, or of the processes of one: each page is in the lines and in the index once, and WARC
 * files have its exchange once. The same folders in the same order give the same lines and WARC files. The folders are only read.
 */
public final class CrawlMerge {
    private CrawlMerge() {}

    /**
     * Merges. The new folder is there as a whole at the end, or not at all.
     *
     * @param folders that crawls have written, up to 4,096, none of which is crawled into
     * @param out a new or empty folder
     * @param isIndexed whether to make an index, which all folders must have then
     * @throws CrawlFolderException if a folder can't be merged, or written to; nothing was changed then
     * @throws IOException if a file is damaged, or the disk fails; the message names the file
     */
    public static MergeResult run(List<Path> folders, Path out, boolean isIndexed)
            throws IOException, CrawlFolderException {
        requireDistinct(folders, out);
        List<CommittedCrawl> crawls = new ArrayList<>();
        try {
            for (Path folder : folders) {
                crawls.add(CommittedCrawl.open(folder));
            }
            boolean hasIndex = isIndexed && hasIndex(crawls);
            try (NewFolder target = NewFolder.begin(out)) {
                MergeResult result = write(crawls, target.path(), hasIndex);
                target.complete();
                return result;
            }
        } finally {
            for (CommittedCrawl crawl : crawls) {
                crawl.close();
            }
        }
    }

    private static void requireDistinct(List<Path> folders, Path out) throws IOException, CrawlFolderException {
        if (folders.isEmpty() || folders.size() > PageVersions.MOST_SOURCES) {
            throw new CrawlFolderException("expected 1 to " + PageVersions.MOST_SOURCES
                    + " folders to merge but was given " + folders.size()
                    + (folders.isEmpty() ? "" : ": merge some of them first"));
        }
        Set<Path> known = new HashSet<>();
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new CrawlFolderException("expected the folder of a crawl but there is no folder " + folder);
            }
            if (!known.add(folder.toRealPath())) {
                throw new CrawlFolderException("expected each folder once but was given " + folder + " twice");
            }
            if (out.toAbsolutePath()
                    .normalize()
                    .startsWith(folder.toAbsolutePath().normalize())) {
                throw new CrawlFolderException(
                        "expected a new folder outside of " + folder + ", which is merged, but was " + out);
            }
        }
    }

    private static boolean hasIndex(List<CommittedCrawl> crawls) throws CrawlFolderException {
        boolean first = crawls.getFirst().isIndexed();
        for (CommittedCrawl crawl : crawls) {
            if (crawl.isIndexed() != first) {
                throw new CrawlFolderException("expected an index in all folders or in none but "
                        + (first ? crawls.getFirst() : crawl).folder() + " has one and "
                        + (first ? crawl : crawls.getFirst()).folder() + " has none: merge with --no-index");
            }
        }
        return first;
    }

    private static MergeResult write(List<CommittedCrawl> crawls, Path folder, boolean isIndexed) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (CommittedCrawl crawl : crawls) {
            sources.add(new Source(sources.size(), crawl.folder(), crawl.outputs()));
        }
        try (PageVersions versions = new PageVersions();
                LineMerge lines = new LineMerge(folder, versions)) {
            for (Source source : sources) {
                versions.add(source);
            }
            for (Source source : sources) {
                lines.addPages(source);
            }
            if (isIndexed) {
                writeIndex(crawls, folder, versions);
            }
            for (Source source : sources) {
                lines.addSkipped(source);
            }
            WarcMerge warc = new WarcMerge(folder.resolve(CrawlOutputs.WARC), versions);
            for (Source source : sources) {
                warc.add(source);
            }
            return new MergeResult(lines.pages(), versions.repeated(), lines.links(), lines.skipped());
        }
    }

    private static void writeIndex(List<CommittedCrawl> crawls, Path folder, PageVersions versions) throws IOException {
        try (MergedIndex index = MergedIndex.create(folder.resolve(PageIndex.FOLDER))) {
            for (int i = 0; i < crawls.size(); i++) {
                int number = i;
                CommittedCrawl crawl = crawls.get(i);
                index.add(
                        crawl.folder().resolve(PageIndex.FOLDER), crawl.index(), url -> versions.takeText(url, number));
            }
            index.complete();
        }
    }
}
