/**
 * {@code shm demo}: a camera, a control loop and a deformable mirror in three processes that share memory, started
 * and watched by a fourth. {@link org.shmrt.demo.Demo} is the parent, {@link org.shmrt.demo.DemoProcess}
 * the main class of its children. May import everything below {@code cli}, but no picocli.
 */
package org.shmrt.demo;
