package org.shmrt.doctor;

import java.util.BitSet;
import java.util.OptionalDouble;

/**
 * The processors that this process may use.
 *
 * @param cpus how many it may run on: those of the machine, less those that its affinity excludes; at least 1
 * @param quota how many processors' time its control groups allow; empty without a limit
 */
public record CpuBudget(int cpus, OptionalDouble quota) {
    /** The budget of this process. */
    public static CpuBudget of(SystemFiles files) {
        BitSet allowed = Machine.allowed(files);
        return new CpuBudget(
                allowed.isEmpty() ? Runtime.getRuntime().availableProcessors() : allowed.cardinality(),
                CpuQuota.tightest(files).stream().mapToDouble(CpuQuota::cpus).findFirst());
    }

    /** How many processors' time it may use. */
    public double usable() {
        return Math.min(cpus, quota.orElse(cpus));
    }

    /**
     * The busy time of the processors that this process may run on, in ticks of the kernel since the start, and the
     * whole time.
     *
     * @param busyTicks time in which they ran a program or an interrupt, or were taken away by the host
     * @param allTicks all time
     */
    public record Load(long busyTicks, long allTicks) {
        private static final int IDLE = 4;
        private static final int IO_WAIT = 5;
        /** The words after it are part of the user's time already. */
        private static final int STEAL = 8;

        /** The load until now. Both numbers are 0 if the kernel does not show it. */
        public static Load now(SystemFiles files) {
            BitSet allowed = Machine.allowed(files);
            long busy = 0;
            long all = 0;
            for (String line : files.lines("/proc/stat")) {
                // "cpu0 user nice system idle iowait irq softirq steal guest guest_nice"
                String[] words = line.split("\\s+");
                if (words[0].matches("cpu[0-9]{1,5}") && words.length > STEAL && allowed.get(number(words[0]))) {
                    for (int i = 1; i <= STEAL; i++) {
                        long ticks = SystemFiles.parse(words[i]).orElse(0);
                        all += ticks;
                        busy += i == IDLE || i == IO_WAIT ? 0 : ticks;
                    }
                }
            }
            return new Load(busy, all);
        }

        private static int number(String cpu) {
            return Integer.parseInt(cpu.substring("cpu".length()));
        }

        /** The share of the time since an earlier load in which the processors were busy, 0 to 1; 0 if not known. */
        public double shareSince(Load earlier) {
            long all = allTicks - earlier.allTicks;
            return all <= 0 ? 0 : Math.clamp((double) (busyTicks - earlier.busyTicks) / all, 0, 1);
        }
    }
}
