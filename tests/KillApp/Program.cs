using Chard.KillApp.Journals;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSingleton(new Journal(
    builder.Configuration["KillApp:Journal"] ?? throw new InvalidOperationException("Set KillApp__Journal to the path of the journal.")));
await builder.Build().RunAsync();
