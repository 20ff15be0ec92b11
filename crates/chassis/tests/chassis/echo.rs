//! A service of gRPC with one call, from text to text, that does what a test says.

use http::uri::PathAndQuery;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::service::Routes;
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;
use tower::Service;

type Answer = Pin<Box<dyn Future<Output = Result<String, Status>> + Send>>;

/// The service.
#[derive(Clone)]
pub struct Echo(Arc<dyn Fn(String) -> Answer + Send + Sync>);

impl Echo {
    /// One that answers so.
    pub fn routes<F>(answer: impl Fn(String) -> F + Send + Sync + 'static) -> Routes
    where
        F: Future<Output = Result<String, Status>> + Send + 'static,
    {
        Routes::new(Self(Arc::new(move |asked| Box::pin(answer(asked)))))
    }
}

impl NamedService for Echo {
    const NAME: &'static str = "test.Echo";
}

impl Service<http::Request<Body>> for Echo {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let answer = Arc::clone(&self.0);
        let unary = tower::service_fn(move |request: Request<String>| {
            let answer = answer(request.into_inner());
            async move { answer.await.map(Response::new) }
        });
        let codec = ProstCodec::<String, String>::default();
        Box::pin(async move { Ok(tonic::server::Grpc::new(codec).unary(unary, request).await) })
    }
}

/// Calls it.
pub async fn call<C>(channel: C, text: &str) -> Result<String, Status>
where
    C: tonic::client::GrpcService<Body>,
    C::Error: Into<tonic::codegen::StdError>,
    C::ResponseBody: tonic::codegen::Body<Data = tonic::codegen::Bytes> + Send + 'static,
    <C::ResponseBody as tonic::codegen::Body>::Error: Into<tonic::codegen::StdError> + Send,
{
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.map_err(|error| Status::unavailable(error.into().to_string()))?;
    let path = PathAndQuery::from_static("/test.Echo/Say");
    let codec = ProstCodec::<String, String>::default();
    client.unary(Request::new(text.to_owned()), path, codec).await.map(Response::into_inner)
}
