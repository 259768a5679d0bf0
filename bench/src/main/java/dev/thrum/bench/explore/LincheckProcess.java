package dev.thrum.bench.explore;

import dev.thrum.bench.load.Commands;
import dev.thrum.simulation.explore.Program;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.util.Locale;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a process in which Lincheck looks for faults. It answers a line {@code find PROGRAM FORM} with nanoseconds, and
 * {@link #NOTHING}, {@link #ERROR}, or the first line of what Lincheck has found. The name of a program is as for {@link ExploreProcess}.
 */
public final class LincheckProcess {
    /** The answer if nothing is found. */
    public static final String NOTHING = "nothing";

    /** The answer if Lincheck says that it has failed itself. */
    public static final String ERROR = "error";

    private static final String OWN_ERROR = "bug in Lincheck";

    private LincheckProcess() {}

    /** What the actors are. */
    public enum Form {
        /**
         * Objects of a class that extends {@code Thread}, with the program in a field: so Lincheck knows that they share it.
         */
        THREAD,
        /** Lambdas of the program, as it has them, on platform threads. */
        LAMBDA,
        /** As {@link #THREAD}, but on virtual threads. */
        VIRTUAL;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private Body body(Program program, int number) {
            return this == LAMBDA ? new LambdaBody(program.actors().get(number)) : new ProgramBody(program, number);
        }

        private Thread unstarted(Body body) {
            return this == VIRTUAL ? Thread.ofVirtual().unstarted(body::run) : new BodyThread(body);
        }
    }

    /** Runs an actor. */
    private abstract static class Body {
        private @Nullable Exception failure;

        abstract Program.Actor actor();

        final void run() {
            try {
                actor().run();
            } catch (Exception e) {
                failure = e;
            }
        }
    }

    private static final class ProgramBody extends Body {
        private final Program program;
        private final int number;

        ProgramBody(Program program, int number) {
            this.program = program;
            this.number = number;
        }

        @Override
        Program.Actor actor() {
            return program.actors().get(number);
        }
    }

    private static final class LambdaBody extends Body {
        private final Program.Actor actor;

        LambdaBody(Program.Actor actor) {
            this.actor = actor;
        }

        @Override
        Program.Actor actor() {
            return actor;
        }
    }

    private static final class BodyThread extends Thread {
        private final Body body;

        BodyThread(Body body) {
            this.body = body;
        }

        @Override
        public void run() {
            body.run();
        }
    }

    /** What Lincheck runs again and again: it transforms the classes of all objects that it finds here. */
    private static final class Block implements Runnable {
        private final Constructor<? extends Program> constructor;
        private final Program example;
        private final Form form;

        Block(Class<? extends Program> type, Form form) throws ReflectiveOperationException {
            constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            example = constructor.newInstance();
            this.form = form;
        }

        @Override
        public void run() {
            try {
                once(constructor.newInstance());
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private void once(Program program) throws Exception {
            int count = example.actors().size();
            Body[] bodies = new Body[count];
            Thread[] threads = new Thread[count];
            for (int i = 0; i < count; i++) {
                bodies[i] = form.body(program, i);
                threads[i] = form.unstarted(bodies[i]);
            }
            for (Thread thread : threads) {
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            for (Body body : bodies) {
                if (body.failure != null) {
                    throw body.failure;
                }
            }
            program.invariant();
        }
    }

    public static void main(String[] arguments) throws IOException {
        Commands.serve(
                words -> find(ExploreProcess.program(words[1]), Form.valueOf(words[2].toUpperCase(Locale.ROOT))));
    }

    private static String find(Class<? extends Program> type, Form form) {
        try {
            Block block = new Block(type, form);
            long begin = System.nanoTime();
            String found = found(block);
            return (System.nanoTime() - begin) + " " + found;
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("expected a program with a constructor but was " + type.getName(), e);
        }
    }

    private static String found(Block block) {
        try {
            Lincheck.runConcurrentTest(block);
            return NOTHING;
        } catch (LincheckAssertionError e) {
            String first = String.valueOf(e.getMessage())
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> line.replace("=", "").strip())
                    .findFirst()
                    .orElse("something");
            return first.contains(OWN_ERROR) ? ERROR : first;
        }
    }
}
