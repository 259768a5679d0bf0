package dev.thrum.crawl.fetch;

import java.nio.file.Path;

/**
 * A part that an attempt has left, closed.
 *
 * @param bytes the file
 * @param record the file next to it
 * @param description what the record says
 */
record LeftPart(Path bytes, Path record, PartRecord description) {}
