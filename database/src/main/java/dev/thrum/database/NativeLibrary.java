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
 * The native library of the embedded database. The driver unpacks it at each start and compares the copy, unless the
 * property {@value #FOLDER} names the folder that has it.
 */
public final class NativeLibrary {
    /**
     * The property with the folder of the library. If the folder has none for this system, the driver unpacks its own.
     */
    public static final String FOLDER = "org.sqlite.lib.path";

    private NativeLibrary() {}

    /**
     * Unpacks the library for this system into a folder, which is created if it is missing; an older copy is replaced.
     *
     * @throws IOException if it can't be written
     */
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
