package dev.thrum.simulation.explore.code;

import dev.thrum.simulation.code.SharedCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.List;

/**
 * A class loader that loads the code of a program again, with a call before each access to something shared.
 *
 * <p>Everything is loaded again except the JDK, the explorer itself, Thrum's clocks, and libraries for tests; Thrum's engine too, so that it
 * can be explored.
 */
public final class ExploredCode extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    /** The name of each such loader, which frames of stack traces have. */
    public static final String NAME = "explored";

    private static final String OURS = "dev.thrum.simulation.";

    /** The clock is the explorer's: its waits are those of the explorer. */
    private static final List<String> SHARED = SharedCode.and(List.of());

    private final Sites sites = new Sites();
    private final PointRewriter rewriter;

    private ExploredCode(ClassLoader parent) {
        super(NAME, parent);
        this.rewriter = new PointRewriter(sites, parent);
    }

    /** Creates a loader of the code that the given one would load. */
    public static ExploredCode of(ClassLoader original) {
        return new ExploredCode(original);
    }

    public Sites sites() {
        return sites;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (isShared(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try {
                return getPlatformClassLoader().loadClass(name);
            } catch (ClassNotFoundException e) {
                byte[] code = rewrite(name);
                return defineClass(name, code, 0, code.length);
            }
        }
    }

    private boolean isShared(String name) {
        return SHARED.stream().anyMatch(name::startsWith) || (name.startsWith(OURS) && isPartOfExplorer(name));
    }

    /** Whether a class is in the same jar or folder as the explorer: tests of it, in the same package, are programs. */
    private boolean isPartOfExplorer(String name) {
        URL where = getParent().getResource(fileOf(name));
        URL here = ExploredCode.class.getResource("ExploredCode.class");
        String mine = String.valueOf(here);
        String root = mine.substring(
                0, mine.length() - fileOf(ExploredCode.class.getName()).length());
        return String.valueOf(where).startsWith(root);
    }

    private byte[] rewrite(String name) throws ClassNotFoundException {
        try (InputStream stream = getParent().getResourceAsStream(fileOf(name))) {
            if (stream == null) {
                throw new ClassNotFoundException(name);
            }
            return rewriter.rewrite(stream.readAllBytes());
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "expected a class that can be rewritten but was " + name + ": " + e.getMessage(), e);
        }
    }

    private static String fileOf(String name) {
        return name.replace('.', '/') + ".class";
    }
}
