package io.spinwire.daemon.server;

import io.spinwire.nic.NicException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.IdleStrategy;

/**
 * Runs a {@link DaemonAgent} until it is done. An error in a turn is a fault of ours and ends the thread, after the NIC
 * was detached: an engine that has failed must not go on with a state that nobody understands.
 */
final class EngineThread {
    private final DaemonAgent agent;
    private final IdleStrategy idle;
    private final Thread thread;
    private final CountDownLatch isSetUp = new CountDownLatch(1);
    private volatile Throwable failure;

    EngineThread(DaemonAgent agent, IdleStrategy idle) {
        this.agent = agent;
        this.idle = idle;
        thread = Thread.ofPlatform().name("spinwire-" + agent.roleName()).unstarted(this::run);
    }

    /**
     * Returns once the thread is set up.
     *
     * @throws NicException when the thread cannot stay on its CPU; it has ended then
     */
    void start() {
        thread.start();
        try {
            isSetUp.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof final NicException refused) {
            throw refused;
        }
    }

    private void run() {
        try {
            agent.onStart();
            isSetUp.countDown();
            while (!agent.isDone()) {
                idle.idle(agent.doWork());
            }
        } catch (final Throwable t) {
            failure = t;
        } finally {
            agent.onClose();
            isSetUp.countDown();
        }
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /** What ended the thread before its time, or null. */
    Throwable failure() {
        return failure;
    }

    /** Asks the agent to end and waits for it; returns whether it did in time. */
    boolean stop(long timeoutNs) throws InterruptedException {
        agent.requestStop();
        thread.join(TimeUnit.NANOSECONDS.toMillis(timeoutNs) + 1);
        return !thread.isAlive();
    }
}
