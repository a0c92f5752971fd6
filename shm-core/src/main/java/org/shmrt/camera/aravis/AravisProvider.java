package org.shmrt.camera.aravis;

import java.util.List;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.SourceOptions;

/** Opens {@code arv:NAME}. */
public final class AravisProvider implements FrameSource.Provider {
    @Override
    public String scheme() {
        return "arv";
    }

    @Override
    public FrameSource open(String text, SourceOptions options) {
        String name = "arv:" + text;
        options.checkFormIsNotGiven(name);
        AravisSettings settings = AravisSettings.of(name, options);
        AravisLibrary.load(name);
        AravisCamera camera = AravisCamera.open(name, text);
        try {
            camera.configure(settings);
            return new AravisSource(camera, settings.buffers());
        } catch (RuntimeException | Error e) {
            camera.close();
            throw e;
        }
    }

    @Override
    public List<String> list() {
        AravisLibrary.load("cameras");
        return AravisCamera.list();
    }
}
