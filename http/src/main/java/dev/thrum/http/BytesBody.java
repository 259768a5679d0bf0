package dev.thrum.http;

/** A body in memory. Owned by the thread that reads. */
final class BytesBody implements BodySource {
    private final byte[] content;
    private int position;

    BytesBody(byte[] content) {
        this.content = content;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (position == content.length) {
            return -1;
        }
        int count = Math.min(length, content.length - position);
        System.arraycopy(content, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public long declared() {
        return content.length;
    }
}
