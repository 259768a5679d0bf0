package dev.thrum.simulation.explore.code;

/**
 * A place in the code where a thread may be stopped, before an access.
 *
 * @param type the class of the code, with dots
 * @param file its source file
 * @param line the line, 0 if unknown
 * @param operation what is done there, such as {@code reads}
 * @param what to what, as far as the code says, such as {@code Account.balance}
 * @param access how the operation uses its object
 * @param key the number of the field, for fields; otherwise {@link #WHOLE}
 */
public record Site(String type, String file, int line, String operation, String what, Access access, int key) {
    /** The key of an access to the whole object. */
    public static final int WHOLE = -1;

    /** How an operation uses its object. */
    public enum Access {
        READ,
        WRITE
    }

    /** The place in the source, such as {@code Account.java:12}. */
    public String place() {
        return line == 0 ? file : file + ":" + line;
    }
}
