package dev.thrum.tls;

import dev.thrum.engine.Engine;
import dev.thrum.testkit.EncryptedBackend;
import dev.thrum.testkit.EngineContract;
import dev.thrum.testkit.EngineUnderTest;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract with servers whose TLS is BoringSSL's. */
@EnabledIfSystemProperty(named = "thrum.soak", matches = "true")
final class OpenSslContractTest implements EngineContract {
    @Override
    public EngineUnderTest engineUnderTest() throws TlsConfigException {
        Tls server = Tls.server()
                .provider(TlsProvider.OPENSSL)
                .selfSigned(List.of("localhost"))
                .build();
        return EngineUnderTest.realEncrypted(EncryptedBackend.over(Engine.virtual(), server, Encrypted.client()));
    }

    @Override
    public int crowd() {
        return 400;
    }
}
