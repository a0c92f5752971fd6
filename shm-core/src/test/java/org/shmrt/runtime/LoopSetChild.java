package org.shmrt.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.StreamSet;
import org.shmrt.stream.WaitStrategy;

/**
 * A loop on a set in a process of its own, warmed up and armed: {@code NAME MATCHING WAIT FIRST SECOND}. For each line of
 * its input but the last it waits until the loop has seen one more frame of both streams.
 */
final class LoopSetChild {
    private LoopSetChild() {}

    public static void main(String[] words) throws IOException, InterruptedException {
        try (ImageStream first = ImageStream.open(Path.of(words[3]));
                ImageStream second = ImageStream.open(Path.of(words[4]));
                StreamSet set = open(words[1], words[2], first, second);
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            run(words[0], set, List.of(first, second), in);
        }
    }

    private static StreamSet open(String matching, String wait, ImageStream... streams) {
        WaitStrategy strategy = switch (wait) {
            case "sem" -> WaitStrategy.semaphore();
            case "spin" -> WaitStrategy.spin();
            default -> WaitStrategy.hybrid(100_000);
        };
        return switch (matching) {
            case "all" -> StreamSet.all(strategy, streams);
            case "any" -> StreamSet.any(strategy, streams);
            case "id" -> StreamSet.matchedById(strategy, streams);
            default -> StreamSet.matchedByTime(100_000, strategy, streams);
        };
    }

    private static void run(String name, StreamSet set, List<ImageStream> own, BufferedReader in)
            throws IOException, InterruptedException {
        AtomicLong steps = new AtomicLong();
        long[] seen = new long[2];
        try (ControlLoop loop = ControlLoop.named(name)
                .trigger(Trigger.frames(set))
                .rateHz(500)
                .step((frame, command, none) -> {
                    for (int i = 0; i < 2; i++) {
                        seen[i] = set.isFresh(i) ? set.count(i) : seen[i];
                    }
                    steps.lazySet(steps.get() + 1);
                })
                .onReset(() -> seen[0] = seen[1] = 0)
                .build()) {
            loop.warmUp(Duration.ofSeconds(2));
            System.out.println("warm: steps in the warm-up " + (steps.get() > 0) + ", own streams "
                    + set.streams().equals(own) + ", totals " + set.totals(0).taken());
            LoopChild.armOnBusyMachine(loop);
            System.out.println(loop.state());
            Thread thread = new Thread(loop::run);
            thread.start();
            long frames = 0;
            for (String line = in.readLine(); line.equals("next"); line = in.readLine()) {
                frames++;
                do {
                    Thread.sleep(1);
                    steps.get(); // orders the loads of the counts after the step
                } while (seen[0] < frames || seen[1] < frames);
                System.out.println("stepped");
            }
            System.out.println(loop.allocatedBytes());
            loop.stop();
            thread.join();
        }
    }
}
