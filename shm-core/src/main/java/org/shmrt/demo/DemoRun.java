package org.shmrt.demo;

import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.shmrt.error.ShmException;
import org.shmrt.memory.MemoryImage;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.OwnProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.telemetry.LoopCommand;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopState;
import org.shmrt.telemetry.LoopTelemetry;

/**
 * One run, in the parent process: starts the children, creates the streams, follows the run, and finally removes
 * everything. It cleans up exactly once, in {@link #close} or, if the program is stopped, in a shutdown hook.
 */
final class DemoRun implements AutoCloseable {
    private static final long START_LIMIT_NS = 300_000_000_000L;
    /** Longer than two children may wait for a last frame that is lost. */
    private static final long FINISH_LIMIT_NS = 3 * ParentLink.MAX_LAST_NS;
    /** Time from the start order to the first frame, in which camera and mirror read the order. */
    private static final long START_DELAY_NS = 50_000_000;

    private static final long POLL_PERIOD_MS = 100;
    private static final long STOP_DELAY_NS = 300_000_000;
    /** Most likely Ctrl-C: the signal reaches this process, too, but its thread for signals may wait for a processor. */
    private static final long SIGNAL_DELAY_NS = 5_000_000_000L;

    /** Whether another process steered the loop ({@code shm loop}). */
    enum LoopSteering {
        NONE,
        PAUSED,
        STOPPED
    }

    private final Cores cores;
    private final RunPlan plan;
    private final DemoFiles files;
    private final ProgressLine progress;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final List<DemoChild> children = new ArrayList<>();
    private final Thread hook = new Thread(this::stop, "shm-demo-cleaner");
    private volatile boolean stopping;
    private boolean ended;
    private ImageStream camera;
    private ImageStream commands;
    private Optional<LoopTelemetry> page = Optional.empty();
    private Optional<LoopSnapshot> warm = Optional.empty();
    private LoopSteering steering = LoopSteering.NONE;
    /** When frame 0 is due, 0 before that is known. */
    private long startNs;

    DemoRun(Demo.Settings settings, Cores cores, RunChoice choice, PrintWriter live) {
        this.cores = cores;
        // DAO names its semaphores after the file name alone, so the file name must be unique on this machine.
        String tag = "shmdemo-" + OwnProcess.PID + "-" + HexFormat.of().toHexDigits(new SecureRandom().nextInt());
        plan = settings.plan(choice, DemoFiles.parentDirectory().resolve(tag), tag);
        files = new DemoFiles(plan);
        if (settings.progress() == Demo.Progress.SHOWN) {
            live.println("In another terminal: shm loop show " + tag + " --watch");
        }
        progress = new ProgressLine(live, settings.progress());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Runs the demo until all children have ended successfully. */
    void execute() throws InterruptedException {
        try {
            startChildren();
            long limitNs = System.nanoTime() + START_LIMIT_NS;
            // Files are created only now, when three other processes can also remove them.
            follow(() -> allHaveReported("up"), limitNs, "did not start");
            createStreams();
            children.forEach(child -> child.order("open"));
            follow(() -> allHaveReported("ready"), limitNs, "did not become ready");
            page = Optional.of(LoopTelemetry.open(plan.tag()));
            // The loop begins with the first frame after its own start, so it has to run before there is one.
            DemoChild loop = children.get(1);
            loop.order("start 0");
            follow(() -> isRunning(loop), limitNs, "did not become ready");
            startNs = Clocks.monotonicNs() + START_DELAY_NS;
            children.stream().filter(child -> child != loop).forEach(child -> child.order("start " + startNs));
            progress.started(startNs);
            limitNs = System.nanoTime() + plan.dueNs(0, plan.frames()) + FINISH_LIMIT_NS;
            finish(limitNs);
        } catch (RuntimeException e) {
            awaitEndIfStopping();
            throw e;
        } finally {
            progress.clear();
        }
    }

    /** Follows the frames until the camera, then the loop, then the mirror has had the last one. */
    private void finish(long limitNs) throws InterruptedException {
        DemoChild cameraProcess = children.get(0);
        DemoChild loop = children.get(1);
        follow(() -> cameraProcess.hasReported("last") || loop.hasReported("stopped"), limitNs, "did not finish");
        if (loop.hasReported("stopped")) {
            steering = LoopSteering.STOPPED;
            cameraProcess.order("stop");
            follow(() -> cameraProcess.hasReported("last"), limitNs, "did not finish");
        }
        progress.clear();
        String last = cameraProcess.report("last");
        loop.order("last " + last + " " + last);
        long endNs = System.nanoTime() + FINISH_LIMIT_NS;
        follow(() -> loop.hasReported("ended"), endNs, "did not end");
        children.get(2).order("last " + loop.report("ended") + " " + last);
        follow(() -> children.stream().allMatch(DemoChild::hasEnded), endNs, "did not end");
    }

    /** Whether the loop runs, or would do so if another process had not paused or stopped it. */
    private boolean isRunning(DemoChild loop) {
        return page.orElseThrow().snapshot().state() == LoopState.RUNNING
                || steering == LoopSteering.PAUSED
                || loop.hasReported("stopped");
    }

    /** Notices the end of the warm-up, and commands that another process sends to the loop. */
    private void watchLoop() {
        if (page.isEmpty()) {
            return;
        }
        LoopSnapshot now = page.get().snapshot();
        if (warm.isEmpty()
                && startNs != 0
                && plan.warmUpFrames() > 0
                && Clocks.monotonicNs() >= plan.dueNs(startNs, plan.warmUpFrames())) {
            warm = Optional.of(now);
        }
        boolean isPaused = now.command() == LoopCommand.PAUSE || now.command() == LoopCommand.STEP;
        if (isPaused && steering == LoopSteering.NONE) {
            steering = LoopSteering.PAUSED;
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

    private void follow(BooleanSupplier goal, long limitNs, String failure) throws InterruptedException {
        while (!goal.getAsBoolean()) {
            children.forEach(DemoChild::checkHealth);
            events.poll(POLL_PERIOD_MS, TimeUnit.MILLISECONDS);
            if (System.nanoTime() > limitNs) {
                throw new ShmException("the demo's processes " + failure + " in time: is the machine overloaded?");
            }
            watchLoop();
            progress.show(camera, children.get(2));
        }
        children.forEach(DemoChild::checkHealth);
    }

    /** The reports of the children and the page of the loop; the pictures will be in the folder. */
    DemoResult result(Path folder) {
        StepTimes steps = new StepTimes(page.orElseThrow().snapshot(), warm);
        return new DemoResult(plan, cores, folder, children, steps, steering);
    }

    /** A copy of the last camera frame. */
    MemoryImage lastFrame() {
        MemorySegment pixels = Arena.ofAuto().allocate(camera.layout().frameBytes(), 8);
        try (FrameReader reader = camera.reader(WaitStrategy.spin())) {
            if (!reader.readNewest(pixels, TimeUnit.SECONDS.toNanos(1)).hasFrame()) {
                throw new ShmException("the demo's last camera frame cannot be read");
            }
        }
        return new MemoryImage(camera.type(), camera.shape(), pixels);
    }

    /** The shutdown hook: ends the children when this program is stopped. */
    private void stop() {
        stopping = true;
        progress.clear();
        end();
    }

    /**
     * Prevents error messages from a program that was stopped, whose children ended because of that and not because of
     * a failure. Ctrl-C reaches the children too, possibly before the hook runs, so this waits a moment for the hook.
     */
    private void awaitEndIfStopping() throws InterruptedException {
        boolean signalled = children.stream().anyMatch(DemoChild::wasSignalled);
        long limitNs = System.nanoTime() + (signalled ? SIGNAL_DELAY_NS : STOP_DELAY_NS);
        while (!stopping && System.nanoTime() < limitNs) {
            Thread.sleep(POLL_PERIOD_MS);
        }
        while (stopping) {
            Thread.sleep(1000);
        }
    }

    private synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        // Children first: a child that is opening the streams would create missing semaphores again.
        children.forEach(DemoChild::kill);
        files.removeAll();
    }

    @Override
    public void close() {
        end();
        page.ifPresent(LoopTelemetry::close);
        if (camera != null) {
            camera.close();
        }
        if (commands != null) {
            commands.close();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the hook is running; there is nothing left for it to do
        }
    }
}
