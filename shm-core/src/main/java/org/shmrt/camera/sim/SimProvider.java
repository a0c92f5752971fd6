package org.shmrt.camera.sim;

import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.SourceOptions;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** Opens {@code sim:ramp}, {@code sim:noise} and {@code sim:spots}. */
public final class SimProvider implements FrameSource.Provider {
    private static final double DEFAULT_RATE_HZ = 100;
    private static final Shape DEFAULT_SHAPE = Shape.of(480, 640);

    @Override
    public String scheme() {
        return "sim";
    }

    @Override
    public FrameSource open(String text, SourceOptions options) {
        String name = "sim:" + text;
        options.checkSettings(name);
        if (options.strideBytes().isPresent()) {
            throw new IllegalArgumentException(name + " has no padded rows: leave out the stride");
        }
        double rateHz = options.rateHz().orElse(DEFAULT_RATE_HZ);
        if (text.equals("spots")) {
            options.checkFormIsNotGiven(name);
            return new SimSource(SpotPictures.FORMAT.withRateHz(rateHz), new SpotPictures());
        }
        FrameFormat format = FrameFormat.mono(
                        options.type().orElse(DataType.UINT16), options.shape().orElse(DEFAULT_SHAPE))
                .withRateHz(rateHz);
        return switch (text) {
            case "ramp" -> new SimSource(format, TablePictures.ramp(format));
            case "noise" -> new SimSource(format, TablePictures.noise(format));
            default ->
                throw new IllegalArgumentException("there is no " + name + ": use sim:ramp, sim:noise or sim:spots");
        };
    }
}
