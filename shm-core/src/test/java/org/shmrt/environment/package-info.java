/**
 * Tests in adverse environments: files replaced, truncated and removed, resource limits, full and read-only file
 * systems, missing permissions, and malicious peers. Uses all of ShmRT as its users do, in separate processes, since a
 * failure may crash the JVM.
 */
package org.shmrt.environment;
