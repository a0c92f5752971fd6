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

/** A {@link Victim} in a JVM of its own, with a debugger attached. Used by one thread. */
final class VictimDebugger implements AutoCloseable {
    private static final int EVENT_PATIENCE_MS = 40_000;
    private static final String OURS = "org.shmrt.*";

    private final ChildProcess child;
    private final VirtualMachine vm;
    private final EventRequestManager requests;
    private final Map<Method, byte[]> code = new HashMap<>();

    private VictimDebugger(ChildProcess child, VirtualMachine vm) {
        this.child = child;
        this.vm = vm;
        this.requests = vm.eventRequestManager();
    }

    /** Starts a victim and waits until it waits for its task. */
    static VictimDebugger start() {
        List<String> flags = new ArrayList<>(ChildJvm.QUICK);
        flags.add("-XX:-UsePerfData");
        flags.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");
        ChildProcess child = ChildProcess.start(ChildJvm.command(flags, Victim.class));
        try {
            String listening = child.lineWith("Listening");
            VirtualMachine vm = attach(listening.substring(listening.lastIndexOf(' ') + 1));
            child.lineWith("ready");
            return new VictimDebugger(child, vm);
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

    /** Gives the victim its task and stops it where the operation begins. */
    private ThreadReference begin(String protocol, Place place, String how) {
        ReferenceType type = vm.classesByName(Victim.class.getName()).getFirst();
        Method carryOut = type.methodsByName("carryOut").getFirst();
        BreakpointRequest entry = requests.createBreakpointRequest(carryOut.location());
        entry.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        entry.enable();
        child.send(protocol + " " + place.directory() + " " + place.prefix() + " " + how);
        Event event = await();
        requests.deleteEventRequest(entry);
        return ((BreakpointEvent) event).thread();
    }

    private Event await() {
        try {
            EventSet set = vm.eventQueue().remove(EVENT_PATIENCE_MS);
            if (set == null) {
                throw new AssertionError("the victim did nothing for " + EVENT_PATIENCE_MS + " ms");
            }
            // There is one thread that has requests, and one kind of request at a time.
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
            throw new AssertionError("the victim ended: " + child.rest() + " " + child.errors(), e);
        }
    }

    /**
     * Has the victim carry the whole operation out and notes where it can be killed: where the operation begins, and
     * after each thing it did that outlives it.
     *
     * @param bytecode whether to look after each bytecode; else after each line, which is several times faster
     */
    List<KillPoint> enumerate(String protocol, Place place, boolean bytecode) {
        ThreadReference thread = begin(protocol, place, "rehearse");
        StepRequest steps = requests.createStepRequest(
                thread, bytecode ? StepRequest.STEP_MIN : StepRequest.STEP_LINE, StepRequest.STEP_INTO);
        steps.addClassFilter(OURS);
        steps.addClassExclusionFilter("org.shmrt.bindings.*");
        steps.addClassExclusionFilter("org.shmrt.fits.*");
        steps.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        steps.enable();
        List<KillPoint> points = new ArrayList<>();
        Map<Location, Integer> hits = new HashMap<>();
        Footprint last = null;
        boolean mayHaveChanged = true;
        while (true) {
            thread.resume();
            Location at = ((StepEvent) await()).location();
            int hit = hits.merge(at, 1, Integer::sum);
            Footprint now = mayHaveChanged ? Footprint.of(place) : last;
            // What the compiler makes of a lambda has another name in each JVM: the next step will do.
            boolean hasName = at.lineNumber() >= 0;
            if (!now.equals(last) && hasName) {
                points.add(KillPoint.at(at, hit));
                last = now;
            }
            mayHaveChanged = !bytecode || !hasName || mayCall(at);
            if (at.method().name().equals("over") && at.declaringType().name().equals(Victim.class.getName())) {
                break;
            }
        }
        requests.deleteEventRequest(steps);
        thread.resume();
        child.lineWith("done");
        return points;
    }

    /** Whether the bytecode there can do anything outside this method: what calls, makes or initialises. */
    private boolean mayCall(Location at) {
        byte[] bytes = code.computeIfAbsent(at.method(), Method::bytecodes);
        int opcode = bytes[(int) at.codeIndex()] & 0xff;
        // invokes, and what initialises a class: getstatic, putstatic, new
        return (opcode >= 0xb6 && opcode <= 0xbb) || opcode == 0xb2 || opcode == 0xb3;
    }

    /**
     * Has the victim run up to a point and kills it there.
     *
     * @return when it was killed, as {@link System#nanoTime()} tells, or 0 if it never came there
     */
    long killAt(String protocol, Place place, KillPoint point) {
        ThreadReference thread = begin(protocol, place, "at-once");
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
        long killedNs = System.nanoTime();
        child.kill();
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
        Method over = vm.classesByName(Victim.class.getName())
                .getFirst()
                .methodsByName("over")
                .getFirst();
        BreakpointRequest request = requests.createBreakpointRequest(over.location());
        request.addThreadFilter(thread);
        request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        request.enable();
    }

    /**
     * Has the victim begin, and kills it as soon as others can see something.
     *
     * @return when it was killed
     */
    long killWhen(String protocol, Place place, BooleanSupplier seen) {
        begin(protocol, place, "at-once").resume();
        long startNs = System.nanoTime();
        while (!seen.getAsBoolean()) {
            if (System.nanoTime() - startNs > EVENT_PATIENCE_MS * 1_000_000L) {
                throw new AssertionError("the victim did not do what was waited for");
            }
            Thread.onSpinWait();
        }
        long killedNs = System.nanoTime();
        child.kill();
        return killedNs;
    }

    @Override
    public void close() {
        child.close();
    }
}
