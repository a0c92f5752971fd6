package org.shmrt.runtime;

import java.util.List;
import java.util.Optional;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.telemetry.TelemetryWriter;
import org.shmrt.telemetry.milk.ProcessInfo;

/** What a loop is made of. */
record LoopParts<P>(
        LoopPlan plan,
        Trigger trigger,
        Optional<ImageStream> output,
        InformedStep<P> step,
        Optional<Step<P>> prefetch,
        Parameters<P> parameters,
        Runnable reset,
        Milk milk) {
    /** Whether milk's tools show the loop. */
    enum Milk {
        HIDDEN,
        SHOWN
    }

    /** The loop for milk's tools. */
    ProcessInfo.Description describe() {
        boolean timer = trigger.periodNs() > 0;
        String stream = trigger.streams().stream()
                .map(input -> input.path().getFileName().toString().replaceFirst("\\.im\\.shm$", ""))
                .findFirst()
                .orElse("");
        return new ProcessInfo.Description(
                plan.name(),
                plan.isRealTime() ? plan.threads().priority() : -1,
                plan.threads().cpu().stream()
                        .mapToLong(cpu -> cpu < Long.SIZE ? 1L << cpu : 0)
                        .sum(),
                timer ? ProcessInfo.TriggerMode.DELAY : ProcessInfo.TriggerMode.COUNTER_0,
                stream);
    }

    /** The parts for a warm-up, with another trigger. */
    LoopParts<P> rehearsed(Trigger other) {
        return new LoopParts<>(plan.rehearsed(), other, output, step, prefetch, parameters, reset, milk);
    }

    /** The cycle on the given streams, which replace those of the loop in a warm-up. */
    LoopCore<P> core(
            LoopCore.Mode mode,
            List<ImageStream> inputs,
            Optional<ImageStream> to,
            TelemetryWriter telemetry,
            LoopControl control) {
        Optional<FrameWriter> writer = to.map(ImageStream::writer);
        Optional<TriggerSource> opened = Optional.empty();
        try {
            long commandBytes = to.map(stream -> stream.layout().frameBytes()).orElse(0L);
            Optional<Prefetch<P>> before =
                    prefetch.map(part -> new Prefetch<>(part, inputs.stream().findFirst(), commandBytes, parameters));
            TriggerSource source =
                    trigger.open(inputs, plan, before.<Runnable>map(one -> one).orElse(() -> {}));
            opened = Optional.of(source);
            return new LoopCore<>(plan, mode, source, writer, step, before, parameters, telemetry, control);
        } catch (RuntimeException | Error e) {
            opened.ifPresent(TriggerSource::close);
            writer.ifPresent(FrameWriter::close);
            throw e;
        }
    }
}
