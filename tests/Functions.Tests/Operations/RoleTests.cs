using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Chard.Functions.Tests.Harness;
using Chard.Platform;
using Chard.Testing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Operations;

/// <summary>Who may call which route: the table, and that the app goes by it.</summary>
public sealed partial class RoleTests(RoleTests.Guarded guarded) : IClassFixture<RoleTests.Guarded>
{
    private static readonly (string Function, string Method, string Route)[] Routes =
    [
        .. from type in TheApp.Types
           from method in type.GetMethods()
           let function = method.GetCustomAttribute<FunctionAttribute>()
           let trigger = method.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(t => t is not null)
           where function is not null && trigger is not null
           select (function.Name, trigger.Methods?.FirstOrDefault() ?? "get", "/api/" + trigger.Route),
    ];

    [Fact]
    public void Policies_AreOneForEachRouteAndNoMore() => Assert.Equal(
        Routes.Select(r => r.Function).Order(StringComparer.Ordinal),
        guarded.Policies.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task EachRoute_ForEachCaller_IsOpenAsItsPolicySays()
    {
        foreach ((string function, string method, string route) in Routes)
        {
            Role? policy = guarded.Policies[function];
            string url = Parameter().Replace(route, "nobody");
            foreach ((string? key, Role? role) in Guarded.Callers)
            {
                (HttpStatusCode status, string type) = await guarded.SendAsync(new(method.ToUpperInvariant()), url, key);

                bool may = policy is null || role >= policy;
                Assert.Equal(
                    (function, role, !may && key is null, !may && key is not null),
                    (function, role, status == HttpStatusCode.Unauthorized, status == HttpStatusCode.Forbidden));
                Assert.Equal(
                    (function, may ? null : key is null ? "urn:chard:problem:unauthorized" : "urn:chard:problem:forbidden"),
                    (function, may ? null : type));
            }
        }
    }

    [Fact]
    public async Task Start_ByAStarter_IsItsOwnAndNobodyElses()
    {
        JsonElement own = await guarded.StartAsync(Guarded.Starter, owner: null);
        JsonElement others = await guarded.StartAsync(Guarded.Starter, owner: "ann");
        JsonElement byOperator = await guarded.StartAsync(Guarded.Operator, owner: "ann");

        Assert.Equal("key:starter", await guarded.OwnerOfAsync(own));
        Assert.Equal("ann", await guarded.OwnerOfAsync(byOperator));
        Assert.Equal(
            "Only Operator may start in the name of others: leave owner out, and it is 'key:starter'.",
            others.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Upload_InTheNameOfOthers_IsForbiddenBeforeTheFileIsRead()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/imports?table=people&owner=ann")
        {
            Content = new StringContent("a,b\n1,2\n", Encoding.UTF8, "text/csv"),
        };
        request.Headers.Add(Caller.KeyHeader, Guarded.Starter);

        using HttpResponseMessage response = await guarded.Host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public void App_SaysOtherwiseOfAFunctionOfTheLibrarys_IsObeyed()
    {
        var middleware = new AccessMiddleware(
            guarded.Host.Services.GetRequiredService<AccessSettings>(),
            [new("ListTasks", null), new("GetWorkflow", Role.Starter), new("GetWorkflow", Role.Operator)]);

        Assert.Null(middleware.Refusal("ListTasks", Caller.Unknown));
        Assert.NotNull(middleware.Refusal("GetWorkflow", new(Role.Starter, "me")));
        Assert.Null(middleware.Refusal("GetWorkflow", new(Role.Operator, "me")));
    }

    [Fact]
    public void FunctionWithoutAPolicy_IsNobodys()
    {
        var access = guarded.Host.Services.GetRequiredService<AccessSettings>();
        var middleware = new AccessMiddleware(access, []);

        Assert.NotNull(middleware.Refusal("Unheard", new(Role.Operator, "me")));
        Assert.Null(middleware.Refusal("ListWorkflows", new(Role.Reader, "me")));
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    /// <summary>The app as on Azure: callers have roles.</summary>
    public sealed class Guarded : IAsyncLifetime
    {
        public const string Reader = "reader-reader-reader-reader-reader";
        public const string Starter = "starter-starter-starter-starter-st";
        public const string Operator = "operator-operator-operator-operator";

        public static (string? Key, Role? Role)[] Callers { get; } =
        [
            (null, null), ("a-key-of-the-host-that-no-role-has", null), (Reader, Role.Reader), (Starter, Role.Starter),
            (Operator, Role.Operator),
        ];

        public FunctionsTestHost Host { get; private set; } = null!;

        public IReadOnlyDictionary<string, Role?> Policies => RoutePolicies.With(Host.Services.GetServices<RoutePolicy>());

        public async Task InitializeAsync() => Host = await FunctionsTestHost.StartAsync<TaskFunctions>(options =>
        {
            options.FunctionTypes = TheApp.Types;
            options.Settings["Chard:Access:Required"] = "true";
            options.Settings["Chard:Access:ReaderKey"] = Reader;
            options.Settings["Chard:Access:StarterKey"] = Starter;
            options.Settings["Chard:Access:OperatorKey"] = Operator;
        });

        public async Task DisposeAsync() => await Host.DisposeAsync();

        public async Task<(HttpStatusCode Status, string Type)> SendAsync(HttpMethod method, string url, string? key)
        {
            using var request = new HttpRequestMessage(method, url);
            if (key is not null)
            {
                request.Headers.Add(Caller.KeyHeader, key);
            }

            using HttpResponseMessage response = await Host.Http.SendAsync(request);
            string body = await response.Content.ReadAsStringAsync();
            return (
                response.StatusCode,
                response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                    ? JsonElement.Parse(body).GetProperty("type").GetString()! : "");
        }

        public async Task<JsonElement> StartAsync(string key, string? owner)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/workflows")
            {
                Content = owner is null
                    ? JsonContent.Create(new { task = "Echo", args = 1 })
                    : JsonContent.Create(new { task = "Echo", args = 1, owner }),
            };
            request.Headers.Add(Caller.KeyHeader, key);
            using HttpResponseMessage response = await Host.Http.SendAsync(request);
            return JsonElement.Parse(await response.Content.ReadAsStringAsync());
        }

        public async Task<string?> OwnerOfAsync(JsonElement started)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/workflows/{started.GetProperty("id").GetString()}");
            request.Headers.Add(Caller.KeyHeader, Reader);
            using HttpResponseMessage response = await Host.Http.SendAsync(request);
            return JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("owner").GetString();
        }
    }
}
