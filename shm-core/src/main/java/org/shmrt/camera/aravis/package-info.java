/** GigE Vision and USB3 Vision cameras, by the library Aravis, which is loaded when the first camera is opened. */
package org.shmrt.camera.aravis;

// May import: camera, memory, stream, posix, error.
