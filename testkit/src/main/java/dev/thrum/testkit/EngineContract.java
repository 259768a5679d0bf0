package dev.thrum.testkit;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every engine must do: a test class that implements this interface runs the whole contract.
 *
 * <p>It says how to make an engine, by {@code engineUnderTest()}, and may lower {@code crowd()}, the number of clients
 * that connect at once in the load tests. Every test has an engine of its own.
 */
@ExtendWith(LeakCheck.class)
public interface EngineContract
        extends LineContract,
                StreamContract,
                EndContract,
                BulkContract,
                DeadlineContract,
                AdmissionContract,
                ConnectionLogContract,
                DrainContract,
                LifecycleContract,
                OwnershipContract,
                DuplexContract,
                OutboxContract,
                GroupContract,
                TimerContract,
                RestContract,
                ConnectContract,
                LoadContract,
                MishapContract {}
