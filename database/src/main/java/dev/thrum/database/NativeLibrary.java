package dev.thrum.database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * The library, in C, of the embedded database. The driver unpacks it at each start, and compares it with what it unpacked,
 * unless the property {@value #FOLDER} names a folder where it lies.
 */
public final class NativeLibrary {
    /** The property that names its folder. Where there is none for this system, the driver unpacks its own as before. */
    public static final String FOLDER = "org.sqlite.lib.path";

    private NativeLibrary() {}

    /** Unpacks the one for this system into a folder, which is made if need be. */
    public static void unpack(Path folder) throws IOException {
        String name = LibraryLoaderUtil.getNativeLibName();
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        try (InputStream library =
                Objects.requireNonNull(SQLiteJDBCLoader.class.getResourceAsStream(resource), resource)) {
            long _ = Files.copy(
                    library, Files.createDirectories(folder).resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
