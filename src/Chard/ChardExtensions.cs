using System.Text.Json;
using Chard.Canvases;
using Chard.Dashboard;
using Chard.DeadLetters;
using Chard.Platform;
using Chard.Running;
using Chard.Schedules;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Chard;

/// <summary>Adds Chard to a Functions app.</summary>
public static class ChardExtensions
{
    /// <summary>
    /// Adds tasks with their retries, ledger and dead letters, chains, groups, chords and maps, schedules, limits and the HTTP API. Call
    /// it after <c>ConfigureFunctionsWebApplication</c>.
    /// </summary>
    /// <param name="builder">The app.</param>
    /// <param name="configure">Adds the app's own tasks and workflows.</param>
    public static FunctionsApplicationBuilder AddChard(this FunctionsApplicationBuilder builder, Action<ChardBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);

        builder.UseMiddleware<ProblemMiddleware>();
        builder.UseMiddleware<AccessMiddleware>();
        if (RecycleSettings.In(builder.Configuration) != RecycleSettings.Never)
        {
            builder.UseMiddleware<WorkerAgeMiddleware>();
        }

        CallerGoneMiddleware.AddFirst(builder.Services);

        // One JSON everywhere: what the engine keeps of a workflow's result is what the API gives of it.
        builder.Services.Configure<JsonSerializerOptions>(json => json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase);
        builder.Services.AddStorage();
        builder.Services.AddWorkflows();
        builder.Services.AddDeadLetters();
        builder.Services.AddTasks();
        builder.Services.AddCanvases();
        builder.Services.AddSchedules();
        builder.Services.AddTelemetry(builder.Configuration);
        builder.Services.TryAddSingleton<HealthCheck>();
        builder.Services.AddAccess();
        builder.Services.AddDashboard();
        builder.Services.TryAddSingleton<OpenApiDocument>();
        configure(new(builder.Services, builder.Configuration));
        return builder;
    }
}
