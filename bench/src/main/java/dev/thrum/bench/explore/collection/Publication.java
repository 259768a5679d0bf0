package dev.thrum.bench.explore.collection;

import java.util.ArrayList;
import java.util.List;

/** Something becomes visible to another thread before it is complete. */
final class Publication {
    private Publication() {}

    /** A box that a reader must find full. */
    static final class Box {
        volatile int value;
    }

    /** A writer publishes a box in a field. */
    abstract static class Published implements Shown {
        volatile Box box;

        abstract void publish();

        @Override
        public List<Actor> actors() {
            return List.of(this::publish, () -> {
                Box seen = box;
                Require.that(seen == null || seen.value == 7, "the box is empty");
            });
        }
    }

    static final class PublishesThenFills extends Published {
        @Override
        void publish() {
            box = new Box();
            box.value = 7;
        }
    }

    static final class FillsThenPublishes extends Published {
        @Override
        void publish() {
            Box made = new Box();
            made.value = 7;
            box = made;
        }
    }

    /** A flag says that the data is there. */
    abstract static class Flagged implements Shown {
        volatile int data;
        volatile boolean ready;

        abstract void write();

        @Override
        public List<Actor> actors() {
            return List.of(this::write, () -> {
                if (ready) {
                    Require.that(data == 7, "ready without data");
                }
            });
        }
    }

    static final class FlagFirst extends Flagged {
        @Override
        void write() {
            ready = true;
            data = 7;
        }
    }

    static final class DataFirst extends Flagged {
        @Override
        void write() {
            data = 7;
            ready = true;
        }
    }

    /** An object that others find in a registry. */
    static final class Listener {
        private int name;

        Listener(Escape registry, boolean registers) {
            if (registers) {
                registry.registered = this;
            }
            name = 7;
        }
    }

    abstract static class Escape implements Shown {
        volatile Listener registered;

        abstract void register();

        @Override
        public List<Actor> actors() {
            return List.of(this::register, () -> {
                Listener seen = registered;
                Require.that(seen == null || seen.name == 7, "the listener has no name");
            });
        }
    }

    static final class RegistersInItsConstructor extends Escape {
        @Override
        void register() {
            Listener unused = new Listener(this, true);
            Require.that(unused == registered, "another is registered");
        }
    }

    static final class RegistersWhenMade extends Escape {
        @Override
        void register() {
            registered = new Listener(this, false);
        }
    }

    /** Double-checked locking. */
    abstract static class DoubleChecked implements Shown {
        volatile Box made;
        int created;

        abstract Box make();

        private Box get() {
            Box seen = made;
            if (seen == null) {
                synchronized (this) {
                    seen = made;
                    if (seen == null) {
                        created++;
                        seen = make();
                    }
                }
            }
            return seen;
        }

        @Override
        public List<Actor> actors() {
            Actor use = () -> Require.that(get().value == 7, "the box is empty");
            return List.of(use, use);
        }

        @Override
        public void invariant() {
            Require.that(created == 1, created + " were made");
        }
    }

    static final class AssignsThenFills extends DoubleChecked {
        @Override
        Box make() {
            made = new Box();
            made.value = 7;
            return made;
        }
    }

    static final class FillsThenAssigns extends DoubleChecked {
        @Override
        Box make() {
            Box box = new Box();
            box.value = 7;
            made = box;
            return box;
        }
    }

    /** Readers use a list of two without a lock; a writer replaces it. */
    abstract static class CopiedList implements Shown {
        volatile List<Integer> list = List.of(1, 1);

        abstract void replace();

        @Override
        public List<Actor> actors() {
            return List.of(this::replace, () -> {
                List<Integer> seen = list;
                Require.that(seen.size() == 2, "the list has " + seen.size());
            });
        }
    }

    static final class GrowsInPublic extends CopiedList {
        @Override
        void replace() {
            List<Integer> next = new ArrayList<>();
            list = next;
            next.add(2);
            next.add(2);
        }
    }

    static final class GrowsInPrivate extends CopiedList {
        @Override
        void replace() {
            List<Integer> next = new ArrayList<>();
            next.add(2);
            next.add(2);
            list = next;
        }
    }
}
