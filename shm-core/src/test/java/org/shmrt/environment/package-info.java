/**
 * The ground moving under those who stand on it: files replaced, cut off and removed, limits reached, file systems full
 * or read-only, permissions missing, and peers that mean harm. Uses all of ShmRT as its users do, in processes of their
 * own, for what is tried here must never end one.
 */
package org.shmrt.environment;
