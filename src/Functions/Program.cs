using System.Text.Json;
using Chard.Functions.Canvases;
using Chard.Functions.DeadLetters;
using Chard.Functions.Health;
using Chard.Functions.Http;
using Chard.Functions.Imports;
using Chard.Functions.Newsletters;
using Chard.Functions.Payments;
using Chard.Functions.Reports;
using Chard.Functions.Schedules;
using Chard.Functions.Storage;
using Chard.Functions.Tasks;
using Chard.Functions.Telemetry;
using Chard.Functions.Webhooks;
using Chard.Functions.Workflows;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);

// HTTP through ASP.NET Core: HttpRequest in, IResult out.
builder.UseMiddleware<CallerGoneMiddleware>();
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<ProblemMiddleware>();

// One JSON everywhere: what the engine keeps of a workflow's result is what the API gives of it.
builder.Services.Configure<JsonSerializerOptions>(json => json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase);

// The storage account: tables for status, blobs for payloads, queues for starts.
builder.Services.AddStorage();

// What may be started, and how it stands.
builder.Services.AddWorkflows();

// What failed for good, until somebody has looked at it.
builder.Services.AddDeadLetters();

// Tasks, their ledger and their payloads.
builder.Services.AddTasks();

// Chains, groups, chords and maps, composed at run time.
builder.Services.AddCanvases();

// CSV files into tables.
builder.Services.AddImports();

// Reports on imported tables.
builder.Services.AddReports();

// Orders charged, webhooks called, newsletters sent.
builder.Services.AddPayments();
builder.Services.AddWebhooks();
builder.Services.AddNewsletters();

// Any of these, started by the clock.
builder.Services.AddSchedules();

// Whether work can be taken.
builder.Services.AddSingleton<HealthCheck>();

// Logs, requests and dependencies to Application Insights, where it is configured.
builder.Services.AddTelemetry(builder.Configuration);

await builder.Build().RunAsync();
