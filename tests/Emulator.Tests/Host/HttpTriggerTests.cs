using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;
using Body = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace Chard.Emulator.Tests.Host;

public sealed class HttpTriggerTests
{
    [Theory]
    [InlineData("GET", "/api/items/7", HttpStatusCode.OK)]
    [InlineData("GET", "/api/items/x", HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/items/7", HttpStatusCode.NotFound)]
    [InlineData("GET", "/items/7", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/api/Anything", HttpStatusCode.OK)]
    public async Task Request_ByMethodAndTemplate_ReachesOnlyItsFunction(string method, string path, HttpStatusCode status)
    {
        await using var host = await HostApp.StartAsync([typeof(Items)]);

        using var response = await host.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Request_WithEmptyRoutePrefix_IsServedAtTheRoot()
    {
        await using var host = await HostApp.StartAsync([typeof(Items)], o => o.HostJson["extensions:http:routePrefix"] = string.Empty);

        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/items/7")).StatusCode);
    }

    [Fact]
    public async Task Result_OfEachKind_IsWrittenAsItsOwnersWriteIt()
    {
        await using var host = await HostApp.StartAsync([typeof(Results)]);

        Assert.Equal("""{"firstName":"Ada"}""", await host.Http.GetStringAsync("/api/Minimal"));
        Assert.Equal("""{"firstName":"Ada"}""", await host.Http.GetStringAsync("/api/Action"));
        Assert.Equal("""{"FirstName":"Ada"}""", await host.Http.GetStringAsync("/api/Data"));
        Assert.Equal(string.Empty, await host.Http.GetStringAsync("/api/Plain"));
    }

    [Fact]
    public async Task Parameters_FromRouteQueryAndBody_AreConverted()
    {
        await using var host = await HostApp.StartAsync([typeof(Parameters)]);

        using var response = await host.Http.PostAsJsonAsync("/api/mix/42?flag=true&id=9", new { firstname = "Ada" });

        Assert.Equal("42 True Ada", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Function_ThatThrows_Is500WithoutABody()
    {
        await using var host = await HostApp.StartAsync([typeof(Failing)]);

        using var response = await host.Http.GetAsync("/api/Fails");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Body_OfManyMegabytes_ReachesTheFunctionAsAStream()
    {
        await using var host = await HostApp.StartAsync([typeof(Streams)]);
        const long Size = 300_000_000;

        using var response = await host.Http.PostAsync("/api/Measure", new StreamContent(new ZeroStream(Size)));

        Assert.Equal($"{Size}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task FunctionClass_ForEachInvocation_IsMadeAnewInItsOwnScope()
    {
        await using var host = await HostApp.StartAsync([typeof(Scoped)], builder: b => b.Services.AddScoped<ScopeCounter>().AddSingleton<ScopeIds>());

        var first = await host.Http.GetStringAsync("/api/Scope");
        var second = await host.Http.GetStringAsync("/api/Scope");

        Assert.Equal("1 1", first);
        Assert.Equal("2 1", second);
    }

    [Fact]
    public async Task Keys_WithEnableAuth_FollowTheHostsRules()
    {
        await using var host = await HostApp.StartAsync([typeof(Guarded)], o =>
        {
            o.EnableAuth = true;
            o.Settings["FunctionKeys:Master"] = "master";
            o.Settings["FunctionKeys:Host:default"] = "host";
            o.Settings["FunctionKeys:Function:Unsaid:default"] = "own";
        });

        async Task<HttpStatusCode> Status(string path, string? header = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (header is not null)
            {
                request.Headers.Add("x-functions-key", header);
            }

            using var response = await host.Http.SendAsync(request);
            return response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await Status("/api/Open"));
        // A trigger that names methods but no level asks for a function key, though its property says Anonymous.
        Assert.Equal(HttpStatusCode.Unauthorized, await Status("/api/Unsaid"));
        Assert.Equal(HttpStatusCode.OK, await Status("/api/Unsaid?code=host"));
        Assert.Equal(HttpStatusCode.OK, await Status("/api/Unsaid?code=own"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status("/api/Other?code=own"));
        Assert.Equal(HttpStatusCode.OK, await Status("/api/Unsaid", "master"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status("/api/Unsaid?code=host", "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status("/api/Master?code=host"));
        Assert.Equal(HttpStatusCode.OK, await Status("/api/Master?code=master"));
    }

    public sealed record Person(string FirstName);

    public static class Items
    {
        [Function("Item")]
        public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id:int}")] HttpRequest request, int id) => TypedResults.Ok(id);

        [Function("Anything")]
        public static IResult Any([HttpTrigger] HttpRequest request) => TypedResults.Ok();
    }

    public static class Results
    {
        [Function("Minimal")]
        public static IResult Minimal([HttpTrigger("get")] HttpRequest request) => TypedResults.Json(new Person("Ada"));

        [Function("Action")]
        public static Task<IActionResult> Action([HttpTrigger("get")] HttpRequest request) => Task.FromResult<IActionResult>(new OkObjectResult(new Person("Ada")));

        [Function("Data")]
        public static async Task<HttpResponseData> Data([HttpTrigger("get")] HttpRequestData request)
        {
            var response = request.CreateResponse();
            await response.WriteAsJsonAsync(new Person("Ada"));
            return response;
        }

        [Function("Plain")]
        public static string Plain([HttpTrigger("get")] HttpRequest request) => "nobody writes this";
    }

    public static class Parameters
    {
        [Function("Mix")]
        public static IResult Mix([HttpTrigger("post", Route = "mix/{id}")] HttpRequest request, long id, bool flag, [Body] Person person) =>
            TypedResults.Text($"{id} {flag} {person.FirstName}");
    }

    public static class Failing
    {
        [Function("Fails")]
        public static IResult Fails([HttpTrigger("get")] HttpRequest request) => throw new InvalidOperationException("secret");
    }

    public static class Streams
    {
        [Function("Measure")]
        public static async Task<IResult> Measure([HttpTrigger("post")] HttpRequest request)
        {
            var buffer = new byte[81920];
            long total = 0;
            for (int read; (read = await request.Body.ReadAsync(buffer)) > 0; total += read)
            {
            }

            return TypedResults.Text($"{total}");
        }
    }

    public sealed class ScopeIds
    {
        private int last;

        public int Next() => Interlocked.Increment(ref last);
    }

    public sealed class ScopeCounter(ScopeIds ids)
    {
        public int Id { get; } = ids.Next();
    }

    public sealed class Scoped(ScopeCounter counter, IServiceProvider services)
    {
        private int calls;

        [Function("Scope")]
        public IResult Scope([HttpTrigger("get")] HttpRequest request, FunctionContext context)
        {
            Assert.Same(counter, services.GetRequiredService<ScopeCounter>());
            Assert.Same(counter, context.InstanceServices.GetRequiredService<ScopeCounter>());
            Assert.Same(counter, request.HttpContext.RequestServices.GetRequiredService<ScopeCounter>());
            return TypedResults.Text($"{counter.Id} {++calls}");
        }
    }

    public static class Guarded
    {
        [Function("Open")]
        public static IResult Open([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => TypedResults.Ok();

        [Function("Unsaid")]
        public static IResult Unsaid([HttpTrigger("get")] HttpRequest request) => TypedResults.Ok();

        [Function("Other")]
        public static IResult Other([HttpTrigger("get")] HttpRequest request) => TypedResults.Ok();

        [Function("Master")]
        public static IResult Master([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => TypedResults.Ok();
    }

    private sealed class ZeroStream(long length) : Stream
    {
        private long position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - position);
            buffer.AsSpan(offset, read).Clear();
            position += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
