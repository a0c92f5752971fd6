package org.shmrt.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.shmrt.error.ShmException;
import org.shmrt.posix.thread.Scheduling;
import org.shmrt.stream.ImageStream;
import org.shmrt.telemetry.LoopState;

/** A loop in a process of its own: {@code run NAME OUTPUT}, {@code settings NAME}, {@code required NAME}, {@code arm NAME}. */
final class LoopChild {
    private LoopChild() {}

    public static void main(String[] words) {
        switch (words[0]) {
            case "run" -> run(words[1], Path.of(words[2]), Start.COLD);
            case "prepared" -> run(words[1], Path.of(words[2]), Start.PREPARED);
            case "settings" -> settings(words[1]);
            case "required" -> required(words[1]);
            default -> arm(words[1]);
        }
    }

    private enum Start {
        COLD,
        /** After a warm-up. */
        PREPARED
    }

    private static void run(String name, Path path, Start start) {
        try (ImageStream output = ImageStream.open(path);
                ControlLoop loop = ControlLoop.named(name)
                        .trigger(Trigger.timer(500_000))
                        .output(output)
                        .safeState(SafeState.command(-1, -1))
                        .step((frame, command, none) -> fill(command))
                        .build()) {
            System.out.println("built");
            if (start == Start.PREPARED) {
                loop.warmUp(Duration.ofMillis(500));
            }
            loop.run();
        }
    }

    private static void fill(MemorySegment command) {
        command.setAtIndex(ValueLayout.JAVA_FLOAT, 0, 5);
        command.setAtIndex(ValueLayout.JAVA_FLOAT, 1, 5);
    }

    private static LoopBuilder<Void> demanding(String name, ControlLoop[] self, Scheduling.Priority[] seen) {
        return ControlLoop.named(name)
                .trigger(Trigger.timer(1_000_000))
                .cpu(Scheduling.affinity(Scheduling.CALLER).length() - 1)
                .otherThreadsOn(0)
                .fifo(6)
                .lockMemory()
                .step((frame, command, none) -> {
                    seen[0] = Scheduling.priority(Scheduling.threadId());
                    self[0].stop();
                });
    }

    private static void settings(String name) {
        ControlLoop[] self = new ControlLoop[1];
        Scheduling.Priority[] seen = new Scheduling.Priority[1];
        try (ControlLoop loop = demanding(name, self, seen).build()) {
            self[0] = loop;
            LoopState end = loop.run();
            System.out.println(end + " " + seen[0].policy() + " " + seen[0].priority());
            System.out.println(Scheduling.priority(Scheduling.threadId()).policy());
            List<LoopFinding> findings = loop.threadReport().findings();
            System.out.println(findings.size());
            findings.forEach(System.out::println);
        }
    }

    private static void required(String name) {
        ControlLoop[] self = new ControlLoop[1];
        try (ControlLoop loop = demanding(name, self, new Scheduling.Priority[1])
                .requireSettings()
                .build()) {
            self[0] = loop;
            System.out.println(loop.preflight().problems().size());
            loop.run();
            System.out.println("ran");
        } catch (ShmException e) {
            System.out.println(e.getMessage());
        }
    }

    /** Arms a loop, again after a warm-up where other programs are the reason that it was refused. */
    static void armOnBusyMachine(ControlLoop loop) {
        while (true) {
            try {
                loop.arm();
                return;
            } catch (ShmException e) {
                if (!e.getMessage().contains("another program uses the processor")
                        && !e.getMessage().contains("the JVM still compiles")) {
                    throw e;
                }
                loop.warmUp();
            }
        }
    }

    private static void arm(String name) {
        float[] state = new float[64];
        try (ControlLoop loop = ControlLoop.named(name)
                .trigger(Trigger.timer(1_000_000))
                .step((frame, command, none) -> {
                    for (int i = 0; i < state.length; i++) {
                        state[i] = 0.9f * state[i] + i;
                    }
                })
                .build()) {
            loop.warmUp();
            armOnBusyMachine(loop);
            System.out.println(loop.state());
            Thread thread = new Thread(loop::run);
            thread.start();
            Thread.sleep(1500);
            System.out.println(loop.allocatedBytes());
            loop.stop();
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
