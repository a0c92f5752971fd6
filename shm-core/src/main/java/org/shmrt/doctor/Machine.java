package org.shmrt.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * What the checks examine. {@link #local} is this machine; tests use other files and spaces.
 *
 * @param files the files of the kernel
 * @param cpu the processor that a real-time thread would use
 * @param streamDirectory where streams are looked up by name
 * @param space the space of the file system of a directory; empty if it is not known
 * @param environment variables of the environment
 * @param javaFeature feature number of the Java release, for example 25
 * @param pauseNs waits for a number of nanoseconds between two readings of a rate
 */
public record Machine(
        SystemFiles files,
        int cpu,
        Path streamDirectory,
        Function<String, Optional<Space>> space,
        Map<String, String> environment,
        int javaFeature,
        LongConsumer pauseNs) {

    /** {@code CAP_IPC_LOCK} of Linux. */
    private static final int CAP_IPC_LOCK = 14;
    /** {@code CAP_SYS_PTRACE} of Linux. */
    private static final int CAP_SYS_PTRACE = 19;
    /** {@code CAP_SYS_NICE} of Linux. */
    private static final int CAP_SYS_NICE = 23;

    /** The number of the first pid namespace, from which all processes are visible (PROC_PID_INIT_INO of Linux). */
    private static final String FIRST_PID_NAMESPACE = "pid:[4026531836]";

    /**
     * Space on a file system.
     *
     * @param totalBytes its size; 0 for one without a limit
     * @param freeBytes what unprivileged users can still use
     */
    public record Space(long totalBytes, long freeBytes) {}

    /** This machine. */
    public static Machine local(int cpu, Path streamDirectory) {
        return new Machine(
                SystemFiles.local(),
                cpu,
                streamDirectory,
                Machine::localSpace,
                System.getenv(),
                Runtime.version().feature(),
                LockSupport::parkNanos);
    }

    private static Optional<Space> localSpace(String directory) {
        try {
            FileStore store = Files.getFileStore(Path.of(directory));
            return Optional.of(new Space(store.getTotalSpace(), store.getUsableSpace()));
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }

    /**
     * The processor that a loop would use on a machine: the last isolated one, else the last one that this process may
     * use.
     */
    public static int defaultCpu(SystemFiles files) {
        BitSet allowed = allowed(files);
        BitSet isolated =
                CpuList.parse(files.text("/sys/devices/system/cpu/isolated").orElse(""));
        BitSet best = isolated.isEmpty() ? allowed : isolated;
        return Math.max(0, best.length() - 1);
    }

    /** Whether a processor exists and is switched on. True if the kernel does not tell. */
    public static boolean isOnline(SystemFiles files, int cpu) {
        BitSet online = online(files);
        return online.isEmpty() || online.get(cpu);
    }

    static BitSet online(SystemFiles files) {
        return CpuList.parse(files.text("/sys/devices/system/cpu/online").orElse(""));
    }

    static BitSet allowed(SystemFiles files) {
        return CpuList.parse(
                files.field("/proc/self/status", "Cpus_allowed_list").orElse(""));
    }

    String cpuName() {
        return "cpu " + cpu;
    }

    /** Whether this process may lock memory beyond its limit. */
    public boolean mayLockMemory() {
        return hasCapability(files, CAP_IPC_LOCK);
    }

    /** Whether this process may get a real-time priority beyond its limit. */
    public boolean mayRaisePriority() {
        return hasCapability(files, CAP_SYS_NICE);
    }

    /** Whether this process can see which files every process of the machine has mapped. */
    public static boolean seesAllProcesses(SystemFiles files) {
        return hasCapability(files, CAP_SYS_PTRACE)
                && files.link("/proc/self/ns/pid")
                        .filter(FIRST_PID_NAMESPACE::equals)
                        .isPresent();
    }

    private static boolean hasCapability(SystemFiles files, int bit) {
        String mask = files.field("/proc/self/status", "CapEff").orElse("0");
        try {
            return (Long.parseUnsignedLong(mask, 16) >>> bit & 1) != 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** The effective user id. */
    long userId() {
        // "Uid: real effective saved file-system"
        String[] ids = files.field("/proc/self/status", "Uid").orElse("").split("\\s+");
        return ids.length > 1 ? SystemFiles.parse(ids[1]).orElse(-1) : -1;
    }

    /** A limit of this process: the soft value as the kernel prints it. */
    public Optional<String> limit(String name) {
        // "Max realtime priority     0                    0"
        return files.lines("/proc/self/limits").stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+")[0])
                .findFirst();
    }

    /** Version of the kernel as major * 1000 + minor; 0 if it is not known. */
    int kernelVersion() {
        String[] parts = files.text("/proc/sys/kernel/osrelease").orElse("").split("[.-]", 3);
        return parts.length < 2
                ? 0
                : (int) (SystemFiles.parse(parts[0]).orElse(0) * 1000
                        + SystemFiles.parse(parts[1]).orElse(0));
    }
}
