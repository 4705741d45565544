.DEFAULT_GOAL := help
.PHONY: help restore build test soak run bench format snapshots clean

help: ## Lists the targets.
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

restore: ## Fetches the packages.
	dotnet restore Functions.sln

# NU1603: the Functions SDK makes a project of its own in obj/, for the extensions that the host loads, and its versions are not for us to choose.
build: restore ## Builds everything; a warning is an error.
	dotnet build Functions.sln --no-restore -warnaserror -warnNotAsError:NU1603

test: ## Runs all tests but the soaks: what the README says.
	dotnet test

soak: build ## Runs the long tests (category Soak).
	dotnet test Functions.sln --no-build --settings soak.runsettings

run: ## Runs the app on this machine.
	dotnet run --project src/Functions

bench: ## Prints the figures of docs/performance.md.
	dotnet run -c Release --project bench

format: ## Fails if a file is not formatted.
	dotnet format Functions.sln --verify-no-changes --no-restore

snapshots: ## Writes what infra/bicep makes anew, to be looked at and committed.
	infra/snapshots.sh

clean: ## Removes build output and local data.
	rm -rf .chard artifacts tools/azurite/node_modules tools/kusto/node_modules src/Chard/Dashboard/page/node_modules
	find . -name bin -o -name obj | grep -v node_modules | xargs rm -rf
