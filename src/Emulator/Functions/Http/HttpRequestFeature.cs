using System.Net;
using System.Security.Claims;
using Chard.Emulator.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.Functions.Worker.Http;

namespace Chard.Emulator.Functions.Http;

/// <summary>HttpRequestData over ASP.NET Core's request.</summary>
internal static class HttpRequestFeature
{
    /// <summary>The invocation's request, the same object each time; null where a request did not start it.</summary>
    public static HttpRequestData? RequestData(HostFunctionContext context)
    {
        if (context.TriggerValue is not HttpContext http)
        {
            return null;
        }

        if (context.Features.Get<HttpRequestData>() is not { } data)
        {
            data = new Request(context, http.Request);
            context.Features.Set(data);
        }

        return data;
    }

    private sealed class Request(HostFunctionContext context, HttpRequest request) : HttpRequestData(context)
    {
        private HttpHeadersCollection? headers;

        public override Stream Body => request.Body;

        public override HttpHeadersCollection Headers => headers ??= new HttpHeadersCollection(
            request.Headers.Select(header => KeyValuePair.Create<string, IEnumerable<string>>(header.Key, header.Value.OfType<string>())));

        public override IReadOnlyCollection<IHttpCookie> Cookies =>
            [.. request.Cookies.Select(cookie => (IHttpCookie)new HttpCookie(cookie.Key, cookie.Value))];

        public override Uri Url { get; } = new(request.GetEncodedUrl());

        public override IEnumerable<ClaimsIdentity> Identities => request.HttpContext.User.Identities;

        public override string Method => request.Method;

        public override HttpResponseData CreateResponse() => new Response(FunctionContext);
    }

    private sealed class Response(Microsoft.Azure.Functions.Worker.FunctionContext context) : HttpResponseData(context)
    {
        public override HttpStatusCode StatusCode { get; set; } = HttpStatusCode.OK;

        public override HttpHeadersCollection Headers { get; set; } = [];

        public override Stream Body { get; set; } = new MemoryStream();

        public override HttpCookies Cookies { get; } = new ResponseCookies();
    }

    internal sealed class ResponseCookies : HttpCookies
    {
        public List<IHttpCookie> All { get; } = [];

        public override void Append(string name, string value) => All.Add(new HttpCookie(name, value));

        public override void Append(IHttpCookie cookie) => All.Add(cookie);

        public override IHttpCookie CreateNew() => new HttpCookie(string.Empty, string.Empty);
    }
}
