package dev.thrum.app.cluster;

import dev.thrum.app.cli.CommandException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The class paths of the processes of a cluster.
 *
 * @param program of the servers and the workers: that of this program
 * @param services of the broker and the database, whose jars no other command has on its class path
 */
record ClassPaths(String program, String services) {
    /** The class paths of this program, packaged or not. */
    static ClassPaths find() throws CommandException {
        String own = System.getProperty("java.class.path");
        Path jar = Path.of(own.split(File.pathSeparator, 2)[0]).toAbsolutePath();
        if (!jar.endsWith("thrum.jar")) {
            // Not packaged: all classes of the checkout are on it.
            return new ClassPaths(own, own);
        }
        Path lib = jar.resolve("../..").normalize();
        Path ofCluster = lib.resolve("cluster");
        if (!Files.isDirectory(ofCluster)) {
            throw new CommandException("expected the jars of a broker and a database in " + ofCluster
                    + " but there is no such folder: install Thrum again, with all of its folders");
        }
        String all = File.separator + "*";
        return new ClassPaths(own, ofCluster + all + File.pathSeparator + lib + all);
    }
}
