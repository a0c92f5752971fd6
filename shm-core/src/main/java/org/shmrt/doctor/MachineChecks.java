package org.shmrt.doctor;

import java.util.List;
import java.util.function.BiConsumer;

/** All checks of a machine. They take about a second, in which rates are observed, and change nothing. */
public final class MachineChecks {
    private static final List<BiConsumer<Machine, Findings>> ALL = List.of(
            KernelChecks::run,
            CpuChecks::run,
            RateChecks::run,
            ThreadChecks::run,
            LimitChecks::run,
            ContainerChecks::run,
            MemoryChecks::run,
            NetworkChecks::run,
            StorageChecks::run,
            LogindCheck::run,
            JvmCheck::run);

    private MachineChecks() {}

    /** Runs all checks. */
    public static void run(Machine machine, Findings findings) {
        ALL.forEach(check -> check.accept(machine, findings));
    }
}
