package dev.thrum.app.cli;

import dev.thrum.base.IoWords;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configuration file: values of flags, one {@code name = value} on each line. Empty lines and lines that begin with #
 * are ignored. A flag without a value is set with {@code name = true}.
 */
final class ConfigFile {
    /** More than any real configuration needs, and little enough to read at once even if it is the wrong file. */
    private static final int MOST_BYTES = 64 << 10;

    private static final Pattern LINE = Pattern.compile("([^\\s=]+)\\s*=\\s*(.*)");
    private static final Pattern TRAILING_COMMENT = Pattern.compile(".*\\s#.*");
    private static final Pattern QUOTED = Pattern.compile("\".*\"|'.*'");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String name;
    private final Set<String> flags;
    private final Map<String, Line> lines = new HashMap<>();

    private record Line(int number, String value) {}

    private ConfigFile(String name, Set<String> flags) {
        this.name = name;
        this.flags = flags;
    }

    /**
     * Reads a file.
     *
     * @param flags the flags that it may set, such as --console
     * @throws IllegalArgumentException if it can't be read, or is malformed
     */
    static ConfigFile read(String name, Set<String> flags) {
        ConfigFile file = new ConfigFile(name, flags);
        String text = file.decoded(bytes(name));
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String content = line.strip();
            if (!content.isEmpty() && !content.startsWith("#")) {
                file.add(number, content);
            }
        }
        return file;
    }

    /** The value of a flag, if the file sets it. */
    Optional<Setting> of(String flag) {
        return Optional.ofNullable(lines.get(flag))
                .map(line -> new Setting(name + ":" + line.number() + ": " + bare(flag), line.value()));
    }

    private static byte[] bytes(String name) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(Path.of(name))) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw unreadable(name, "there is no such file", e);
        } catch (IOException e) {
            throw unreadable(name, IoWords.of(e), e);
        } catch (InvalidPathException e) {
            throw unreadable(name, "it is not a valid file name", e);
        }
        if (bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException("expected a configuration file of at most " + MOST_BYTES + " bytes but "
                    + name + " is larger; is it another file?");
        }
        return bytes;
    }

    private static IllegalArgumentException unreadable(String name, String reason, Exception cause) {
        return new IllegalArgumentException(
                "expected a configuration file but \"" + name + "\" can't be read: " + reason, cause);
    }

    private String decoded(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            int line = 1 + Math.toIntExact(text.chars().filter(c -> c == '\n').count());
            throw wrong(line, "expected UTF-8 but was something else; save the file as UTF-8");
        }
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    private void add(int number, String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw wrong(
                    number, "expected name = value but was \"" + line + "\"; a flag without a value is set to true");
        }
        String key = matcher.group(1);
        String value = matcher.group(2);
        String flag = "--" + key;
        if (flag.equals(Settings.CONFIG)) {
            throw wrong(number, "expected flags but config names another file; put its lines here");
        }
        if (!flags.contains(flag)) {
            throw wrong(number, unknown(key));
        }
        if (TRAILING_COMMENT.matcher(value).matches()) {
            throw wrong(
                    number, "expected a value for " + key + " but there is a # in it; a comment needs its own line");
        }
        if (QUOTED.matcher(value).matches()) {
            throw wrong(number, "expected " + key + " without quotes; they would be part of the value");
        }
        Line earlier = lines.putIfAbsent(flag, new Line(number, value));
        if (earlier != null) {
            throw wrong(
                    number,
                    "expected " + key + " once but line " + earlier.number() + " sets it too; remove one of them");
        }
    }

    private String unknown(String key) {
        Optional<String> newName = RenamedFlags.newName("--" + key);
        if (newName.isPresent()) {
            return key + " is now " + bare(newName.get());
        }
        return "expected the name of a flag, such as console, but was \"" + key + "\""
                + Suggestion.closest(key, flags)
                        .map(flag -> "; did you mean " + bare(flag) + "?")
                        .orElse("");
    }

    private IllegalArgumentException wrong(int number, String message) {
        return new IllegalArgumentException(name + ":" + number + ": " + message);
    }

    private static String bare(String flag) {
        return flag.substring(2);
    }
}
