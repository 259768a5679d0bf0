package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Three cooks, three dishes, one frying pan: a dish must stay alone in the pan until it is done. */
final class Pan {
    private static final List<String> DISHES = List.of("egg", "fish", "onion");

    private Pan() {}

    /** Each cook uses the pan at any time. All see the same pan, because it is volatile; that is not enough. */
    static final class Broken implements Program {
        private final int times;
        private final int[] spoiled = new int[DISHES.size()];
        private volatile String pan = "";

        Broken(int times) {
            this.times = times;
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> cook(0), () -> cook(1), () -> cook(2));
        }

        private void cook(int dish) {
            int wrong = 0;
            for (int i = 0; i < times; i++) {
                pan = DISHES.get(dish);
                String plate = pan; // Perhaps another cook has put something in meanwhile.
                wrong += plate.equals(DISHES.get(dish)) ? 0 : 1;
            }
            spoiled[dish] = wrong;
        }

        @Override
        public void invariant() {
            if (sum(spoiled) > 0) {
                throw new AssertionError("expected 0 dishes to be spoiled but " + outcome());
            }
        }

        @Override
        public String outcome() {
            return "%,d of %,d dishes spoiled".formatted(sum(spoiled), DISHES.size() * times);
        }
    }

    /** One cook at a time has the stove; the others wait. */
    static final class Fixed implements Program {
        private final int times;
        private final int[] spoiled = new int[DISHES.size()];
        private final ReentrantLock stove = new ReentrantLock();
        private String pan = "";

        Fixed(int times) {
            this.times = times;
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> cook(0), () -> cook(1), () -> cook(2));
        }

        private void cook(int dish) {
            int wrong = 0;
            for (int i = 0; i < times; i++) {
                stove.lock();
                try {
                    pan = DISHES.get(dish);
                    String plate = pan;
                    wrong += plate.equals(DISHES.get(dish)) ? 0 : 1;
                } finally {
                    stove.unlock();
                }
            }
            spoiled[dish] = wrong;
        }

        @Override
        public void invariant() {
            if (sum(spoiled) > 0) {
                throw new AssertionError("expected 0 dishes to be spoiled but " + outcome());
            }
        }

        @Override
        public String outcome() {
            return "%,d of %,d dishes spoiled".formatted(sum(spoiled), DISHES.size() * times);
        }
    }

    private static int sum(int[] numbers) {
        int sum = 0;
        for (int number : numbers) {
            sum += number;
        }
        return sum;
    }
}
