package dev.thrum.http.syntax;

/**
 * The extensions after the size of a chunk. All are ignored, but must be well formed: {@code *( BWS ";" BWS token [ BWS
 * "=" BWS ( token / quoted-string ) ] )} (RFC 9112, section 7.1.1).
 */
public final class ChunkExtensions {
    private final byte[] bytes;
    private final int end;
    private int at;

    private ChunkExtensions(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    /** Whether these bytes, which begin with a semicolon, are well-formed extensions. */
    public static boolean areValid(byte[] bytes, int start, int end) {
        return new ChunkExtensions(bytes, start, end).areValid();
    }

    private boolean areValid() {
        while (skip(';')) {
            if (!skipToken() || (skip('=') && !skipToken() && !skipQuoted())) {
                return false;
            }
        }
        return at == end;
    }

    /** Skips this character and the blanks on both sides of it, if it is next. */
    private boolean skip(char wanted) {
        int before = at;
        skipBlanks();
        if (at == end || bytes[at] != wanted) {
            at = before;
            return false;
        }
        at++;
        skipBlanks();
        return true;
    }

    private void skipBlanks() {
        while (at < end && Syntax.isBlank(bytes[at])) {
            at++;
        }
    }

    private boolean skipToken() {
        int before = at;
        at = Syntax.endOfToken(bytes, at, end);
        return at > before;
    }

    /** RFC 9110, 5.6.4. */
    private boolean skipQuoted() {
        if (at == end || bytes[at] != '"') {
            return false;
        }
        at++;
        while (at < end && bytes[at] != '"') {
            at += bytes[at] == '\\' ? 2 : 1;
        }
        at++;
        return at <= end;
    }
}
