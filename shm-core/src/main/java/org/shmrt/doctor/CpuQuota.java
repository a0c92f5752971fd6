package org.shmrt.doctor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A limit on the processor time of a control group.
 *
 * @param file where it was read
 * @param quotaUs the time that all threads of the group may use in a period
 * @param periodUs the period
 */
record CpuQuota(String file, long quotaUs, long periodUs) {
    /** The tightest limit of the groups that this process is in. */
    static Optional<CpuQuota> tightest(SystemFiles files) {
        Cgroup group = Cgroup.of(files);
        List<CpuQuota> quotas = new ArrayList<>();
        for (String file : group.unified("cpu.max")) {
            // "max 100000" or "50000 100000"
            String[] words = files.text(file).orElse("").split("\\s+");
            if (words.length == 2) {
                add(quotas, file, SystemFiles.parse(words[0]), SystemFiles.parse(words[1]));
            }
        }
        for (String file : group.files("cpu", "cpu.cfs_quota_us")) {
            add(quotas, file, files.number(file), files.number(file.replace("cpu.cfs_quota_us", "cpu.cfs_period_us")));
        }
        return quotas.stream().min(Comparator.comparingDouble(CpuQuota::cpus));
    }

    private static void add(List<CpuQuota> quotas, String file, OptionalLong quota, OptionalLong period) {
        if (quota.orElse(-1) > 0 && period.orElse(-1) > 0) {
            quotas.add(new CpuQuota(file, quota.getAsLong(), period.getAsLong()));
        }
    }

    /** How many processors it is worth. */
    double cpus() {
        return (double) quotaUs / periodUs;
    }
}
