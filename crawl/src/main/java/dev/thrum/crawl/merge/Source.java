package dev.thrum.crawl.merge;

import dev.thrum.crawl.archive.Checkpoint;
import java.nio.file.Path;

/**
 * The outputs of one folder, and how much of them counts.
 *
 * @param number of the folder, from 0, in the order of the merge
 */
record Source(int number, Path folder, Checkpoint at) {}
