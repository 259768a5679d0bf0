package dev.thrum.testkit;

import dev.thrum.testkit.web.WebHosts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The resolver of the JVM that runs tests: looking up a host of a {@link HangingHost} hangs, the names of scripted webs have
 * addresses of this machine ({@link WebHosts}), every other name is left to the JDK. Loaded by the JDK; tests make hosts with {@link #hang}.
 */
public final class HangingHosts extends InetAddressResolverProvider {
    private static final AtomicLong NUMBERS = new AtomicLong();

    /** The hosts whose look-ups hang, until these latches are released. */
    private static final Map<String, CountDownLatch> HANGING = new ConcurrentHashMap<>();

    /** Called by the JDK. */
    public HangingHosts() {}

    /** Makes a host whose look-up hangs until it is released; then the host is unknown. */
    static HangingHost hang() {
        String name = "hangs-" + NUMBERS.incrementAndGet() + ".invalid";
        HANGING.put(name, new CountDownLatch(1));
        return new HangingHost(name);
    }

    /** A host whose look-up hangs. */
    record HangingHost(String name) implements AutoCloseable {
        /** Lets the look-up end. Idempotent. */
        void release() {
            CountDownLatch latch = HANGING.remove(name);
            if (latch != null) {
                latch.countDown();
            }
        }

        @Override
        public void close() {
            release();
        }
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        InetAddressResolver jdk = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                if (WebHosts.isName(host)) {
                    return WebHosts.lookUp(host).stream();
                }
                CountDownLatch latch = HANGING.get(host);
                if (latch == null) {
                    return jdk.lookupByName(host, policy);
                }
                awaitUninterruptibly(latch);
                throw new UnknownHostException(host);
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return jdk.lookupByAddress(address);
            }
        };
    }

    /** Like the system's resolver, which no interrupt ends. */
    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // Goes on hanging.
            }
        }
    }

    @Override
    public String name() {
        return "Thrum's tests";
    }
}
