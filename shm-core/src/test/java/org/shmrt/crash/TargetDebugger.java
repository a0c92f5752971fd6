package org.shmrt.crash;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.StepEvent;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.EventRequestManager;
import com.sun.jdi.request.StepRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;

/** Runs a {@link TargetProcess} in a separate JVM with a debugger attached. Not thread-safe. */
final class TargetDebugger implements AutoCloseable {
    private static final int EVENT_TIMEOUT_MS = 120_000;
    private static final String OWN_CLASSES = "org.shmrt.*";

    /**
     * Classes without lasting effects of their own, which had most of the steps: names, layouts, lists of the kernel,
     * inspections, frames in private memory. What they call is stepped through.
     */
    private static final List<String> NO_EFFECTS = List.of(
            "org.shmrt.bindings.*",
            "org.shmrt.crash.ByteRamp",
            "org.shmrt.fits.*",
            "org.shmrt.memory.DataType",
            "org.shmrt.memory.Shape",
            "org.shmrt.posix.FileMapping*",
            "org.shmrt.posix.LockTable*",
            "org.shmrt.posix.Processes*",
            "org.shmrt.stream.engine.ClaimHolders*",
            "org.shmrt.stream.engine.NamesakeStreams*",
            "org.shmrt.stream.format.KeywordLayout",
            "org.shmrt.stream.format.SemaphoreLayout",
            "org.shmrt.stream.format.StreamLayout*",
            "org.shmrt.stream.format.StreamSpec*",
            "org.shmrt.stream.format.dao.DaoLayouts*",
            "org.shmrt.stream.format.dao.DaoNames",
            "org.shmrt.stream.inspect.RemovedSemaphores*",
            "org.shmrt.stream.inspect.StreamInfo*",
            "org.shmrt.text.FileNames");

    private final ChildProcess child;
    private final VirtualMachine vm;
    private final EventRequestManager requests;
    private final Map<Method, byte[]> code = new HashMap<>();

    private TargetDebugger(ChildProcess child, VirtualMachine vm) {
        this.child = child;
        this.vm = vm;
        this.requests = vm.eventRequestManager();
    }

    /** Starts a target and waits until it is ready for its task. */
    static TargetDebugger start() {
        List<String> flags = new ArrayList<>(ChildJvm.QUICK);
        flags.add("-XX:-UsePerfData");
        flags.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");
        ChildProcess child = ChildProcess.start(ChildJvm.command(flags, TargetProcess.class));
        try {
            String listening = child.lineWith("Listening");
            VirtualMachine vm = attach(listening.substring(listening.lastIndexOf(' ') + 1));
            child.lineWith("ready");
            return new TargetDebugger(child, vm);
        } catch (IOException e) {
            child.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            child.close();
            throw e;
        }
    }

    private static VirtualMachine attach(String address) throws IOException {
        AttachingConnector socket = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(connector -> connector.name().equals("com.sun.jdi.SocketAttach"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = socket.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(address.substring(address.lastIndexOf(':') + 1));
        try {
            return socket.attach(arguments);
        } catch (IllegalConnectorArgumentsException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends the target its task and suspends it at the start of the operation. */
    private ThreadReference begin(String scenario, Workspace workspace, String how) {
        ReferenceType type = vm.classesByName(TargetProcess.class.getName()).getFirst();
        Method execute = type.methodsByName("execute").getFirst();
        BreakpointRequest entry = requests.createBreakpointRequest(execute.location());
        entry.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        entry.enable();
        child.send(scenario + " " + workspace.directory() + " " + workspace.prefix() + " " + how);
        Event event = await();
        requests.deleteEventRequest(entry);
        return ((BreakpointEvent) event).thread();
    }

    private Event await() {
        try {
            EventSet set = vm.eventQueue().remove(EVENT_TIMEOUT_MS);
            if (set == null) {
                throw new AssertionError("the target did nothing for " + EVENT_TIMEOUT_MS + " ms");
            }
            // Only one thread has event requests, and only one kind at a time.
            for (Event event : set) {
                if (event instanceof BreakpointEvent
                        || event instanceof StepEvent
                        || event instanceof ClassPrepareEvent) {
                    return event;
                }
            }
            set.resume();
            return await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (com.sun.jdi.VMDisconnectedException e) {
            throw new AssertionError("the target ended: " + child.rest() + " " + child.errors(), e);
        }
    }

    /**
     * Lets the target execute the complete operation and returns its kill points: the start of the operation, and one
     * after each persistent side effect.
     *
     * @param bytecode whether to check after each bytecode; otherwise after each line, which is several times faster
     */
    List<KillPoint> enumerate(String scenario, Workspace workspace, boolean bytecode) {
        ThreadReference thread = begin(scenario, workspace, "rehearse");
        StepRequest steps = requests.createStepRequest(
                thread, bytecode ? StepRequest.STEP_MIN : StepRequest.STEP_LINE, StepRequest.STEP_INTO);
        steps.addClassFilter(OWN_CLASSES);
        NO_EFFECTS.forEach(steps::addClassExclusionFilter);
        steps.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        steps.enable();
        List<KillPoint> points = new ArrayList<>();
        Map<Location, Integer> hits = new HashMap<>();
        PersistentState last = null;
        boolean mayHaveChanged = true;
        while (true) {
            thread.resume();
            Location at = ((StepEvent) await()).location();
            int hit = hits.merge(at, 1, Integer::sum);
            PersistentState now = mayHaveChanged ? PersistentState.of(workspace) : last;
            // Generated lambda classes have a different name in each JVM: use the next step instead.
            boolean hasName = at.lineNumber() >= 0;
            if (!now.equals(last) && hasName) {
                points.add(KillPoint.at(at, hit));
                last = now;
            }
            mayHaveChanged = !bytecode || !hasName || mayCall(at);
            if (at.method().name().equals("finished")
                    && at.declaringType().name().equals(TargetProcess.class.getName())) {
                break;
            }
        }
        requests.deleteEventRequest(steps);
        thread.resume();
        child.lineWith("done");
        return points;
    }

    /** Whether the bytecode can have effects outside its method: calls, allocations and class initialisation. */
    private boolean mayCall(Location at) {
        byte[] bytes = code.computeIfAbsent(at.method(), Method::bytecodes);
        int opcode = bytes[(int) at.codeIndex()] & 0xff;
        // the invoke instructions, and those that initialise a class: getstatic, putstatic, new
        return (opcode >= 0xb6 && opcode <= 0xbb) || opcode == 0xb2 || opcode == 0xb3;
    }

    /**
     * Lets the target run to a kill point and kills it there.
     *
     * @return time of the kill, as {@link System#nanoTime()}, or 0 if the target did not reach the point
     */
    long killAt(String scenario, Workspace workspace, KillPoint point) {
        ThreadReference thread = begin(scenario, workspace, "at-once");
        List<ReferenceType> types = vm.classesByName(point.type());
        if (types.isEmpty()) {
            ClassPrepareRequest prepare = requests.createClassPrepareRequest();
            prepare.addClassFilter(point.type());
            prepare.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
            prepare.enable();
            thread.resume();
            ReferenceType type = ((ClassPrepareEvent) await()).referenceType();
            requests.deleteEventRequest(prepare);
            types = List.of(type);
        }
        breakAt(thread, types.getFirst(), point);
        breakAtEnd(thread);
        thread.resume();
        Location reached = ((BreakpointEvent) await()).location();
        boolean isThere = reached.method().name().equals(point.method())
                && reached.declaringType().name().equals(point.type())
                && reached.codeIndex() == point.codeIndex();
        child.kill();
        long killedNs = System.nanoTime();
        return isThere ? killedNs : 0;
    }

    private void breakAt(ThreadReference thread, ReferenceType type, KillPoint point) {
        Method method = type.methodsByName(point.method(), point.signature()).getFirst();
        BreakpointRequest request = requests.createBreakpointRequest(method.locationOfCodeIndex(point.codeIndex()));
        request.addThreadFilter(thread);
        request.addCountFilter(point.hit());
        request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        request.enable();
    }

    private void breakAtEnd(ThreadReference thread) {
        Method finished = vm.classesByName(TargetProcess.class.getName())
                .getFirst()
                .methodsByName("finished")
                .getFirst();
        BreakpointRequest request = requests.createBreakpointRequest(finished.location());
        request.addThreadFilter(thread);
        request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        request.enable();
    }

    /**
     * Lets the target start, and kills it as soon as a condition holds.
     *
     * @return time of the kill, as {@link System#nanoTime()}
     */
    long killWhen(String scenario, Workspace workspace, BooleanSupplier condition) {
        begin(scenario, workspace, "at-once").resume();
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > EVENT_TIMEOUT_MS * 1_000_000L) {
                throw new AssertionError("the condition for the kill did not hold within " + EVENT_TIMEOUT_MS + " ms");
            }
            Thread.onSpinWait();
        }
        child.kill();
        long killedNs = System.nanoTime();
        return killedNs;
    }

    @Override
    public void close() {
        child.close();
    }
}
