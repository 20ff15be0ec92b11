//! Discord over TLS, as it is reached outside of tests: both its REST API and its gateway. Whom OpenSSL trusts is said by
//! `SSL_CERT_FILE`, for the whole of a process; so each test is one of its own, that trusts one certificate and no other.

use crate::common::World;
use codexa_discord::Settings;
use codexa_testkit::child;
use openssl::asn1::Asn1Time;
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509NameBuilder};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_native_tls::{TlsAcceptor, native_tls};

/// Handshakes are tried again after some seconds.
const SOON: Duration = Duration::from_secs(30);

/// The trusted certificate, in the folder that a child is given.
const TRUSTED: &str = "trusted.pem";
const KEY: &str = "trusted.key";

/// A certificate for localhost, as PEM.
struct Certificate {
    chain: Vec<u8>,
    key: Vec<u8>,
}

impl Certificate {
    fn new() -> Result<Self, ErrorStack> {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
        let key = PKey::from_ec_key(EcKey::generate(&group)?)?;
        let mut name = X509NameBuilder::new()?;
        name.append_entry_by_nid(Nid::COMMONNAME, "localhost")?;
        let name = name.build();
        let mut made = X509::builder()?;
        made.set_version(2)?;
        made.set_subject_name(&name)?;
        made.set_issuer_name(&name)?;
        made.set_pubkey(&key)?;
        made.set_not_before(&*Asn1Time::days_from_now(0)?)?;
        made.set_not_after(&*Asn1Time::days_from_now(1)?)?;
        made.append_extension(BasicConstraints::new().critical().ca().build()?)?;
        let host = SubjectAlternativeName::new().dns("localhost").build(&made.x509v3_context(None, None))?;
        made.append_extension(host)?;
        made.sign(&key, MessageDigest::sha256())?;
        Ok(Self { chain: made.build().to_pem()?, key: key.private_key_to_pem_pkcs8()? })
    }

    fn keep(&self, folder: &Path) {
        std::fs::write(folder.join(TRUSTED), &self.chain).unwrap();
        std::fs::write(folder.join(KEY), &self.key).unwrap();
    }

    fn kept(folder: &Path) -> Self {
        let read = |name| std::fs::read(folder.join(name)).unwrap();
        Self { chain: read(TRUSTED), key: read(KEY) }
    }
}

/// How many handshakes ended which way.
#[derive(Clone, Copy, Debug, Default)]
struct Handshakes {
    done: usize,
    refused: usize,
}

/// TLS in front of the stub, which speaks plainly.
struct Tls {
    authority: String,
    handshakes: watch::Receiver<Handshakes>,
}

impl Tls {
    async fn before(world: &World, certificate: &Certificate) -> Self {
        let identity = native_tls::Identity::from_pkcs8(&certificate.chain, &certificate.key).unwrap();
        let acceptor = TlsAcceptor::from(native_tls::TlsAcceptor::new(identity).unwrap());
        let plain = world.discord.url().trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let authority = format!("localhost:{}", listener.local_addr().unwrap().port());
        let (count, handshakes) = watch::channel(Handshakes::default());
        tokio::spawn(async move {
            while let Ok((io, _)) = listener.accept().await {
                let (acceptor, plain, count) = (acceptor.clone(), plain.clone(), count.clone());
                tokio::spawn(async move {
                    let Ok(mut io) = acceptor.accept(io).await else {
                        return count.send_modify(|count| count.refused += 1);
                    };
                    count.send_modify(|count| count.done += 1);
                    let mut plain = TcpStream::connect(plain).await.unwrap();
                    // Whoever ends it first is right.
                    let _ = tokio::io::copy_bidirectional(&mut io, &mut plain).await;
                });
            }
        });
        Self { authority, handshakes }
    }

    fn rest(&self) -> Option<String> {
        Some(format!("https://{}", self.authority))
    }

    fn gateway(&self) -> String {
        format!("wss://{}", self.authority)
    }

    fn done(&self) -> usize {
        self.handshakes.borrow().done
    }

    /// Waits until the adapter has looked at the certificate so often, and gone.
    async fn refused(&mut self, times: usize) {
        let enough = self.handshakes.wait_for(|count| count.refused >= times);
        timeout(SOON, enough).await.expect("the adapter tries").unwrap();
    }
}

/// The folder of the certificate that this process trusts; `None` where it is the parent, and the child did well.
fn trusting(name: &str) -> Option<Certificate> {
    if let Some(folder) = child::role() {
        return Some(Certificate::kept(Path::new(&folder)));
    }
    let folder = tempfile::tempdir().unwrap();
    Certificate::new().unwrap().keep(folder.path());
    let mut child = child::again(name, folder.path());
    child.env("SSL_CERT_FILE", folder.path().join(TRUSTED)).env_remove("SSL_CERT_DIR").stderr(Stdio::inherit());
    let ended = child.output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stdout));
    None
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_is_answered_over_tls() {
    let Some(trusted) = trusting("tls::a_mention_is_answered_over_tls") else { return };
    let mut world = World::without_adapter().await;
    let ada = world.ada.clone();
    let (rest, gateway) = (Tls::before(&world, &trusted).await, Tls::before(&world, &trusted).await);
    world.discord.set_gateway_url(gateway.gateway());
    world.connect_with(Settings { api_url: rest.rest(), ..world.settings() });
    world.discord.ready().await;
    world.says(&ada, "approve design for CH-001");
    world.message(&ada, "design gate · 0 of 2").await;
    assert!(rest.done() > 0 && gateway.done() == 1, "{} and {} handshakes", rest.done(), gateway.done());
    world.discord.assert_no_faults();
    world.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rest_api_that_nobody_trusts_is_told_nothing() {
    let Some(_) = trusting("tls::a_rest_api_that_nobody_trusts_is_told_nothing") else { return };
    let mut world = World::without_adapter().await;
    let mut rest = Tls::before(&world, &Certificate::new().unwrap()).await;
    world.connect_with(Settings { api_url: rest.rest(), ..world.settings() });
    rest.refused(2).await;
    assert_eq!(rest.done(), 0, "the token went nowhere");
    world.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_nobody_trusts_is_told_nothing() {
    let Some(trusted) = trusting("tls::a_gateway_that_nobody_trusts_is_told_nothing") else { return };
    let mut world = World::without_adapter().await;
    let (rest, mut gateway) =
        (Tls::before(&world, &trusted).await, Tls::before(&world, &Certificate::new().unwrap()).await);
    world.discord.set_gateway_url(gateway.gateway());
    world.connect_with(Settings { api_url: rest.rest(), ..world.settings() });
    gateway.refused(1).await;
    assert!(rest.done() > 0 && gateway.done() == 0, "the token went nowhere but to the REST API");
}
