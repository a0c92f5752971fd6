package org.shmrt.runtime;

import java.util.List;
import java.util.Optional;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.telemetry.TelemetryWriter;

/** What a loop is made of. */
record LoopParts<P>(
        LoopPlan plan,
        Trigger trigger,
        Optional<ImageStream> output,
        Step<P> step,
        Parameters<P> parameters,
        Runnable reset) {
    /** The cycle on the given streams, which replace those of the loop in a warm-up. */
    LoopCore<P> core(
            LoopCore.Mode mode,
            List<ImageStream> inputs,
            Optional<ImageStream> to,
            TelemetryWriter telemetry,
            LoopControl control) {
        Optional<FrameWriter> writer = to.map(ImageStream::writer);
        try {
            return new LoopCore<>(plan, mode, trigger.open(inputs, plan), writer, step, parameters, telemetry, control);
        } catch (RuntimeException e) {
            writer.ifPresent(FrameWriter::close);
            throw e;
        }
    }
}
