package dev.thrum.bench.peers;

import dev.thrum.measure.ProgramPath;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The main class of a process that runs nginx for the files of a folder, and stops it at the end of its own input.
 *
 * <p>It prints {@code ready PORT PID,PID}, with the process ids of nginx's master and worker.
 */
public final class NginxProcess {
    /** It listens on 127.0.0.1 to 127.0.0.64. */
    public static final int ADDRESSES = 64;

    private static final Duration START = Duration.ofSeconds(20);
    private static final long LOOK_NANOS = 20_000_000;
    private static final int END_SECONDS = 3;

    private NginxProcess() {}

    /**
     * Arguments: the nginx program, the folder to serve, an empty folder for its own files, and a command that starts
     * it.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[2]);
        int port = freePort();
        Path file = folder.resolve("nginx.conf");
        Files.writeString(file, configuration(port, arguments[1]));
        List<String> command = new ArrayList<>(Arrays.asList(arguments).subList(3, arguments.length));
        command.addAll(List.of(arguments[0], "-p", folder + "/", "-e", "error.log", "-c", file.toString()));
        Process nginx = new ProcessBuilder(command)
                .redirectError(Redirect.DISCARD)
                .redirectOutput(Redirect.DISCARD)
                .start();
        Thread hook = new Thread(nginx::destroy, "end of nginx");
        Runtime.getRuntime().addShutdownHook(hook);
        System.out.println(awaited(nginx, port, folder));
        while (System.in.read() >= 0) {
            // It takes no commands.
        }
        end(nginx);
        Runtime.getRuntime().exit(0);
    }

    /** It keeps requested files open, as far as a usual limit of descriptors lets it, and revalidates them as often as Thrum does. */
    private static String configuration(int port, String root) {
        // Otherwise its worker runs as another user, which may have no access to the folder.
        String user = System.getProperty("user.name").equals("root") ? "user root root;\n" : "";
        return user + """
            daemon off;
            worker_processes 1;
            worker_rlimit_nofile 65536;
            pid nginx.pid;
            error_log error.log;
            events { worker_connections 4096; }
            http {
              access_log off;
              types { text/plain txt; text/html html; }
              charset utf-8;
              sendfile on;
              tcp_nopush on;
              tcp_nodelay on;
              keepalive_timeout 75s;
              keepalive_requests 1000000000;
              open_file_cache max=10000 inactive=60s;
              open_file_cache_valid 1s;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              server {
            %s
                root "%s";
                location /small/ { rewrite ^ /small.bin break; }
              }
            }
            """.formatted(listening(port), root);
    }

    /** Several addresses of this machine, for measurements with several hosts. */
    private static String listening(int port) {
        return IntStream.rangeClosed(1, ADDRESSES)
                .mapToObj(host -> "    listen 127.0.0." + host + ":" + port + " backlog=4096;")
                .collect(Collectors.joining("\n"));
    }

    /** The path of nginx; throws an {@link IOException} with the remedy if it isn't installed. */
    public static Path find() throws IOException {
        return ProgramPath.find("nginx", "/usr/sbin")
                .orElseThrow(() -> new IOException(
                        "expected nginx on PATH or in /usr/sbin but found none (Debian: apt install nginx-light)"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String awaited(Process nginx, int port, Path folder) throws IOException {
        long end = System.nanoTime() + START.toNanos();
        while (nginx.isAlive() && System.nanoTime() - end < 0) {
            List<Long> workers =
                    nginx.children().map(ProcessHandle::pid).sorted().toList();
            if (workers.size() == 1 && accepts(port)) {
                return "ready " + port + " "
                        + Stream.concat(Stream.of(nginx.pid()), workers.stream())
                                .map(String::valueOf)
                                .collect(Collectors.joining(","));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        Path log = folder.resolve("error.log");
        String output = Files.exists(log) ? Files.readString(log) : "nothing";
        return "failed expected nginx to serve within " + START.toSeconds() + " s but its error log is: "
                + output.lines().findFirst().orElse("nothing");
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The master stops the worker, unless the master is killed. */
    private static void end(Process nginx) throws InterruptedException {
        List<ProcessHandle> workers = nginx.children().toList();
        nginx.destroy();
        if (!nginx.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            nginx.destroyForcibly();
            workers.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
