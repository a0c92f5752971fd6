package org.shmrt.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processors that a process may use, read from files as Linux has them. */
class CpuBudgetTest {
    @TempDir
    private Path root;

    private void put(String path, String text) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private CpuBudget budget() {
        return CpuBudget.of(SystemFiles.below(root));
    }

    @Test
    void shouldCountTheProcessorsOfTheAffinity() throws IOException {
        put("/proc/self/status", "Name:\tjava\nCpus_allowed_list:\t0-1,6\n");
        assertEquals(new CpuBudget(3, OptionalDouble.empty()), budget());
        assertEquals(3, budget().usable());
    }

    @Test
    void shouldTakeTheTightestLimitOfAllGroups() throws IOException {
        put("/proc/self/status", "Cpus_allowed_list:\t0-7\n");
        put("/proc/self/cgroup", "0::/a/b\n");
        put("/sys/fs/cgroup/a/b/cpu.max", "400000 100000\n");
        put("/sys/fs/cgroup/a/cpu.max", "150000 100000\n");
        assertEquals(new CpuBudget(8, OptionalDouble.of(1.5)), budget());
        assertEquals(1.5, budget().usable());
    }

    @Test
    void shouldReadTheLimitOfControlGroupsOfVersion1() throws IOException {
        put("/proc/self/status", "Cpus_allowed_list:\t0-7\n");
        put("/proc/self/cgroup", "3:cpu,cpuacct:/job\n");
        put("/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "50000\n");
        put("/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
        assertEquals(OptionalDouble.of(0.5), budget().quota());
    }

    @Test
    void shouldMeasureTheLoadOfTheAllowedProcessors() throws IOException {
        SystemFiles files = SystemFiles.below(root);
        put("/proc/self/status", "Cpus_allowed_list:\t1-2\n");
        put("/proc/stat", """
            cpu  9 9 9 9 9 9 9 9 0 0
            cpu0 500 0 0 0 0 0 0 0 0 0
            cpu1 100 0 0 100 0 0 0 0 0 0
            cpu2 100 0 0 100 0 0 0 0 0 0
            intr 12
            """);
        CpuBudget.Load before = CpuBudget.Load.now(files);
        put("/proc/stat", """
            cpu0 600 0 0 0 0 0 0 0 0 0
            cpu1 110 1 2 150 5 1 1 5 0 0
            cpu2 100 0 0 175 0 0 0 0 50 0
            """);
        CpuBudget.Load after = CpuBudget.Load.now(files);
        assertEquals(20.0 / 150, after.shareSince(before), 1e-9);
        assertEquals(0, before.shareSince(before));
    }
}
