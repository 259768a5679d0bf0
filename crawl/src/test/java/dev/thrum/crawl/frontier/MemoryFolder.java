package dev.thrum.crawl.frontier;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A folder in memory that knows what was forced, so that it can tell what a crash leaves, and that fails at a chosen step. A step is each call
 * that changes something.
 */
final class MemoryFolder implements StateFolder {
    /** What is left of what was not forced. */
    enum Left {
        EVERYTHING,
        NOTHING,
        ANY_PREFIX
    }

    private final Random random;
    private final Map<String, MemoryFile> files = new TreeMap<>();
    private final Map<String, MemoryFile> forcedNames = new TreeMap<>();
    private final List<Consumer<Map<String, MemoryFile>>> unforcedNames = new ArrayList<>();
    private int steps;
    private int failAt = Integer.MAX_VALUE;
    private boolean lasting;

    MemoryFolder(Random random) {
        this.random = random;
    }

    /** Fails at a step from now on, counted from 1; then for ever, if it is killed, or only once. */
    void failAt(int step, boolean forEver) {
        steps = 0;
        failAt = step;
        lasting = forEver;
    }

    int steps() {
        return steps;
    }

    private void step() throws IOException {
        steps++;
        if (steps == failAt || (lasting && steps > failAt)) {
            throw new IOException("No space left on device");
        }
    }

    private boolean failsNext() {
        return steps + 1 == failAt;
    }

    /** The folder as a crash leaves it. */
    MemoryFolder crash(Left left) {
        Map<String, MemoryFile> names = new TreeMap<>(forcedNames);
        unforcedNames.subList(0, prefix(left, unforcedNames.size())).forEach(change -> change.accept(names));
        MemoryFolder after = new MemoryFolder(random);
        names.forEach((name, file) -> after.put(name, file.afterCrash(left)));
        return after;
    }

    private int prefix(Left left, int size) {
        return switch (left) {
            case EVERYTHING -> size;
            case NOTHING -> 0;
            case ANY_PREFIX -> random.nextInt(size + 1);
        };
    }

    private void put(String name, byte[] content) {
        MemoryFile file = new MemoryFile(name);
        file.forced = content;
        file.now = content.clone();
        files.put(name, file);
        forcedNames.put(name, file);
    }

    /** A copy in which everything is forced, with other contents in one file. */
    MemoryFolder with(String name, byte[] content) {
        MemoryFolder copy = new MemoryFolder(random);
        files.forEach((known, file) -> copy.put(known, known.equals(name) ? content.clone() : file.now.clone()));
        return copy;
    }

    byte[] content(String name) {
        return requireNonNull(files.get(name)).now.clone();
    }

    private void change(Consumer<Map<String, MemoryFile>> change) {
        change.accept(files);
        unforcedNames.add(change);
    }

    @Override
    public List<String> names() {
        return List.copyOf(files.keySet());
    }

    @Override
    public StateFile create(String name) throws IOException {
        step();
        if (files.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        MemoryFile file = new MemoryFile(name);
        change(names -> names.put(name, file));
        return file;
    }

    @Override
    public StateFile open(String name) throws IOException {
        MemoryFile file = files.get(name);
        if (file == null) {
            throw new NoSuchFileException(name);
        }
        return file;
    }

    @Override
    public void rename(String from, String to) throws IOException {
        step();
        change(names -> {
            MemoryFile moved = names.remove(from);
            if (moved != null) {
                names.put(to, moved);
            }
        });
    }

    @Override
    public void delete(String name) throws IOException {
        if (files.containsKey(name)) {
            step();
            change(names -> names.remove(name));
        }
    }

    @Override
    public void force() throws IOException {
        step();
        unforcedNames.forEach(change -> change.accept(forcedNames));
        unforcedNames.clear();
    }

    @Override
    public void close() {
        // Memory needs none.
    }

    @Override
    public String toString() {
        return "memory";
    }

    /** A change of a file. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Change(long position, byte[] bytes, boolean truncates) {
        byte[] apply(byte[] before) {
            if (truncates) {
                return Arrays.copyOf(before, (int) position);
            }
            byte[] after = Arrays.copyOf(before, Math.max(before.length, (int) position + bytes.length));
            System.arraycopy(bytes, 0, after, (int) position, bytes.length);
            return after;
        }

        Change torn(int length) {
            return truncates ? this : new Change(position, Arrays.copyOf(bytes, length), false);
        }
    }

    /** One file. */
    private final class MemoryFile implements StateFile {
        private final String name;
        private final List<Change> unforced = new ArrayList<>();
        private byte[] forced = {};
        private byte[] now = {};

        private MemoryFile(String name) {
            this.name = name;
        }

        private byte[] afterCrash(Left left) {
            int whole = prefix(left, unforced.size());
            byte[] content = forced;
            for (Change change : unforced.subList(0, whole)) {
                content = change.apply(content);
            }
            if (left == Left.ANY_PREFIX && whole < unforced.size()) {
                Change torn = unforced.get(whole);
                content = torn.torn(random.nextInt(torn.bytes().length + 1)).apply(content);
            }
            return content.clone();
        }

        private void change(Change change) {
            now = change.apply(now);
            unforced.add(change);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long size() {
            return now.length;
        }

        @Override
        public int read(byte[] target, int from, int length, long position) {
            int there = (int) Math.max(0, now.length - position);
            int count = Math.min(length, there);
            if (count == 0) {
                return length == 0 ? 0 : -1;
            }
            int some = random.nextInt(4) == 0 ? 1 + random.nextInt(count) : count;
            System.arraycopy(now, (int) position, target, from, some);
            return some;
        }

        @Override
        public int write(byte[] source, int from, int length, long position) throws IOException {
            boolean fails = failsNext();
            boolean some = fails || random.nextInt(8) == 0;
            int count = some ? random.nextInt(length + 1) : length;
            if (count > 0) {
                change(new Change(position, Arrays.copyOfRange(source, from, from + count), false));
            }
            step();
            return count == 0 ? write(source, from, length, position) : count;
        }

        @Override
        public void truncate(long size) throws IOException {
            step();
            change(new Change(size, new byte[0], true));
        }

        @Override
        public void force() throws IOException {
            step();
            forced = now.clone();
            unforced.clear();
        }
    }
}
