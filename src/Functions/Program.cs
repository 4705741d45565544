using Chard;
using Chard.Functions.Imports;
using Chard.Functions.Newsletters;
using Chard.Functions.Payments;
using Chard.Functions.Reports;
using Chard.Functions.Webhooks;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.AddChard(chard => chard
    .AddTasksFrom<Program>()
    .AddImports()
    .AddReports()
    .AddPayments()
    .AddNewsletters()
    .AddWebhooks()
    .AddOpenApi(typeof(Program).Assembly, "Chard.Functions.openapi.json"));
await builder.Build().RunAsync();
