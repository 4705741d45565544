using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Chard.Emulator.Tests.Host;

public sealed class MiddlewareTests
{
    [Fact]
    public async Task Middleware_OfEveryKind_RunsInTheOrderAddedAroundEveryKindOfFunction()
    {
        await using var host = await HostApp.StartAsync([typeof(Functions)], builder: b =>
        {
            b.Services.AddSingleton<Trace>();
            b.UseMiddleware<Outer>();
            b.UseWhen<OnlyActivities>(context => context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type == "activityTrigger"));
            b.UseMiddleware(async (context, next) =>
            {
                context.InstanceServices.GetRequiredService<Trace>().Add($"inner {context.FunctionDefinition.Name}");
                await next();
            });
        });
        var trace = host.Services.GetRequiredService<Trace>();

        await host.Http.GetStringAsync("/api/Web");
        Assert.Equal(["outer Web", "inner Web", "after Web"], trace.Take());

        await host.Durable.WaitForInstanceCompletionAsync(await host.Durable.ScheduleNewOrchestrationInstanceAsync("Flow"));
        Assert.Equal(
            ["outer Flow", "inner Flow", "outer Act", "only Act", "inner Act", "after Act", "after Flow"],
            trace.Take());
    }

    [Fact]
    public async Task Middleware_ThatThrows_FailsTheInvocation()
    {
        await using var host = await HostApp.StartAsync([typeof(Functions)], builder: b =>
            b.UseMiddleware((context, next) => context.FunctionDefinition.Name == "Act" ? throw new TimeoutException("in the middle") : next()));

        var done = await host.Durable.WaitForInstanceCompletionAsync(await host.Durable.ScheduleNewOrchestrationInstanceAsync("Flow"), true);

        Assert.Equal("System.TimeoutException", done.FailureDetails?.InnerFailure?.ErrorType);
    }

    [Fact]
    public async Task Input_ChangedByMiddleware_IsWhatTheFunctionGets()
    {
        await using var host = await HostApp.StartAsync([typeof(Functions)], builder: b => b.UseMiddleware(async (context, next) =>
        {
            var binding = context.FunctionDefinition.InputBindings.Values.First();
            if (binding.Type == "activityTrigger")
            {
                var input = await context.BindInputAsync<string>(binding);
                input.Value += "!";
                Assert.Equal("a!", (await context.BindInputAsync<string>(binding)).Value);
                await Assert.ThrowsAsync<InvalidOperationException>(async () => await context.BindInputAsync<Uri>(binding));
            }

            await next();
            if (binding.Type == "activityTrigger")
            {
                Assert.Equal("act a!", context.GetInvocationResult<string>().Value);
                Assert.Throws<InvalidOperationException>(context.GetInvocationResult<Uri>);
            }
        }));

        var done = await host.Durable.WaitForInstanceCompletionAsync(await host.Durable.ScheduleNewOrchestrationInstanceAsync("Flow"), true);

        Assert.Equal("act a!", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task HttpResult_ReplacedByMiddleware_IsWhatTheCallerGets()
    {
        await using var host = await HostApp.StartAsync([typeof(Functions)], builder: b => b.UseMiddleware(async (context, next) =>
        {
            await next();
            Assert.Equal("/api/Web", context.GetHttpContext()?.Request.Path.Value);
            Assert.Equal("/api/Web", (await context.GetHttpRequestDataAsync())?.Url.AbsolutePath);
            context.GetInvocationResult().Value = TypedResults.Text("replaced");
        }));

        Assert.Equal("replaced", await host.Http.GetStringAsync("/api/Web"));
    }

    [Fact]
    public async Task Converter_OfTheApp_FillsWhatTheHostCannot()
    {
        await using var host = await HostApp.StartAsync(
            [typeof(Converted)],
            builder: b => b.Services.Configure<WorkerOptions>(options => options.InputConverters.Register<PointConverter>()));

        Assert.Equal("3,4 5,6", await host.Http.GetStringAsync("/api/points/3-4?b=5-6"));
        using var wrong = await host.Http.GetAsync("/api/points/3?b=5-6");
        Assert.Equal(System.Net.HttpStatusCode.InternalServerError, wrong.StatusCode);
    }

    public sealed class Trace
    {
        private readonly ConcurrentQueue<string> lines = new();

        public void Add(string line) => lines.Enqueue(line);

        public string[] Take()
        {
            var all = lines.ToArray();
            lines.Clear();
            return all;
        }
    }

    public sealed class Outer(Trace trace) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            trace.Add($"outer {context.FunctionDefinition.Name}");
            await next(context);
            trace.Add($"after {context.FunctionDefinition.Name}");
        }
    }

    public sealed class OnlyActivities(Trace trace) : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            trace.Add($"only {context.FunctionDefinition.Name}");
            return next(context);
        }
    }

    public static class Functions
    {
        [Function("Web")]
        public static IResult Web([HttpTrigger("get")] HttpRequest request) => TypedResults.Ok();

        [Function("Flow")]
        public static Task<string> Flow([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<string>("Act", "a");

        [Function("Act")]
        public static string Act([ActivityTrigger] string input) => $"act {input}";
    }

    public sealed record Point(int X, int Y);

    public sealed class PointConverter : IInputConverter
    {
        public ValueTask<ConversionResult> ConvertAsync(ConverterContext context)
        {
            if (context.TargetType != typeof(Point) || context.Source is not string text)
            {
                return new(ConversionResult.Unhandled());
            }

            return new(text.Split('-') is [var x, var y]
                ? ConversionResult.Success(new Point(int.Parse(x, null), int.Parse(y, null)))
                : ConversionResult.Failed(new FormatException($"'{text}' is no point")));
        }
    }

    public static class Converted
    {
        [Function("Points")]
        public static IResult Points([HttpTrigger("get", Route = "points/{a}")] HttpRequest request, Point a, Point b) =>
            TypedResults.Text($"{a.X},{a.Y} {b.X},{b.Y}");
    }
}
