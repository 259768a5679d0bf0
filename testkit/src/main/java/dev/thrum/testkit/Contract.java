package dev.thrum.testkit;

/** What the parts of the contract need from the engine that is tested. */
interface Contract {
    /** A fresh engine that can run {@link #crowd} conversations at once; the contract closes it. */
    EngineUnderTest engineUnderTest() throws Exception;

    /** How many clients connect at once in the load tests. */
    default int crowd() {
        return 2_000;
    }

    /** How many conversations over connections that the engine opens itself run at once, besides those that it serves. */
    default int outgoing() {
        return crowd();
    }

    /** Plays one scenario on a fresh engine. */
    default void play(Play play) throws Exception {
        try (EngineUnderTest under = engineUnderTest()) {
            under.run(() -> play.act(new Scene(under)));
        }
    }

    /** A scenario. */
    @FunctionalInterface
    interface Play {
        void act(Scene scene) throws Exception;
    }
}
