package org.shmrt.demo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.shmrt.error.ShmException;
import org.shmrt.memory.MemoryImage;
import org.shmrt.posix.Clocks;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;

/**
 * One run, as its parent holds it: starts the children, makes the streams, follows them, and takes all away in the
 * end. That end comes exactly once, by {@link #close} or, if the program is stopped, by a shutdown hook.
 */
final class DemoRun implements AutoCloseable {
    private static final long START_LIMIT_NS = 60_000_000_000L;
    private static final long FINISH_LIMIT_NS = 10_000_000_000L;
    /** From the order to start to the first frame: all children have read it by then. */
    private static final long LEAD_NS = 50_000_000;

    private static final long LIVE_MS = 100;
    private static final long STOPPING_MS = 300;

    private final RunPlan plan;
    private final DemoFiles files;
    private final LiveLine live;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final List<DemoChild> children = new ArrayList<>();
    private final Thread hook = new Thread(this::stopped, "shm-demo-cleaner");
    private volatile boolean stopping;
    private boolean ended;
    private ImageStream camera;
    private ImageStream commands;

    DemoRun(Demo.Settings settings, LiveLine live) {
        this.live = live;
        // DAO names its semaphores after the file alone, so the file's name must be this run's own.
        String tag = "shmdemo-" + ProcessHandle.current().pid() + "-"
                + HexFormat.of().toHexDigits(new SecureRandom().nextInt());
        plan = settings.plan(DemoFiles.place().resolve(tag), tag);
        files = new DemoFiles(plan);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Runs the demo until all children have ended well. */
    void execute() throws InterruptedException {
        try {
            startChildren();
            long limitNs = System.nanoTime() + START_LIMIT_NS;
            // Only now is there something to leave behind, and three processes besides this one to take it away.
            follow(() -> allHaveReported("up"), limitNs, "did not start");
            createStreams();
            children.forEach(child -> child.order("open"));
            follow(() -> allHaveReported("ready"), limitNs, "did not get ready");
            long startNs = Clocks.monotonicNs() + LEAD_NS;
            children.forEach(child -> child.order("start " + startNs));
            live.started(startNs);
            DemoChild cameraProcess = children.get(0);
            limitNs = System.nanoTime() + plan.dueNs(0, plan.frames()) + FINISH_LIMIT_NS;
            follow(() -> cameraProcess.hasReported("last"), limitNs, "did not come to an end");
            live.clear();
            children.forEach(child -> child.order("last " + cameraProcess.report("last")));
            limitNs = System.nanoTime() + FINISH_LIMIT_NS;
            follow(() -> children.stream().allMatch(DemoChild::hasEnded), limitNs, "did not end");
        } catch (RuntimeException e) {
            awaitEndIfStopping();
            throw e;
        } finally {
            live.clear();
        }
    }

    private synchronized void startChildren() {
        checkNotEnded();
        for (String role : List.of("camera", "loop", "mirror")) {
            children.add(DemoChild.start(role, plan, events));
        }
    }

    private synchronized void createStreams() {
        checkNotEnded();
        files.createDirectory();
        camera = files.createCamera();
        commands = files.createCommands();
    }

    private void checkNotEnded() {
        if (ended) {
            throw new ShmException("the demo was stopped");
        }
    }

    private boolean allHaveReported(String key) {
        return children.stream().allMatch(child -> child.hasReported(key));
    }

    private void follow(BooleanSupplier goal, long limitNs, String complaint) throws InterruptedException {
        while (!goal.getAsBoolean()) {
            children.forEach(DemoChild::checkHealth);
            events.poll(LIVE_MS, TimeUnit.MILLISECONDS);
            if (System.nanoTime() > limitNs) {
                throw new ShmException("the demo's processes " + complaint + " in time: is the machine overloaded?");
            }
            live.show(camera, children.get(2));
        }
        children.forEach(DemoChild::checkHealth);
    }

    /** What the children have reported; pictures of it are for the folder. */
    DemoResult result(Path folder) {
        return new DemoResult(plan, folder, children.get(0), children.get(1), children.get(2));
    }

    /** The camera's last frame; the picture belongs to the garbage collector. */
    MemoryImage lastFrame() {
        MemorySegment pixels = Arena.ofAuto().allocate(camera.layout().frameBytes(), 8);
        try (FrameReader reader = camera.reader(WaitStrategy.spin())) {
            if (!reader.readNewest(pixels, TimeUnit.SECONDS.toNanos(1)).hasFrame()) {
                throw new ShmException("the demo's last camera frame cannot be read");
            }
        }
        return new MemoryImage(camera.type(), camera.shape(), pixels);
    }

    /** The hook: the children are this program's, so whatever stopped it ends them too. */
    private void stopped() {
        stopping = true;
        live.clear();
        end();
    }

    /**
     * A program that was stopped says no more: its children died of that, not of a failure. Ctrl-C goes to them as
     * well, and they may be quicker than the hook, so it is given a moment.
     */
    private void awaitEndIfStopping() throws InterruptedException {
        Thread.sleep(STOPPING_MS);
        while (stopping) {
            Thread.sleep(1000);
        }
    }

    private synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        // Children first: one that is just opening the streams would make missing semaphores again.
        children.forEach(DemoChild::kill);
        files.clean();
    }

    @Override
    public void close() {
        end();
        if (camera != null) {
            camera.close();
        }
        if (commands != null) {
            commands.close();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the hook runs; it finds nothing left to do
        }
    }
}
